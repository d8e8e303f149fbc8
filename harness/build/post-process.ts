/** Turns a compiled wasm into the shipped one and its named twin, step by step, with Binaryen. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { AxisValues, Optimize, Post, Variant } from "../variant/variant.ts";
import { readModule, WasmFormatError } from "../wasm/module.ts";
import { stripCustomSections } from "../wasm/strip.ts";
import type { BuildStep } from "./artifact.ts";
import { runBinaryen } from "./binaryen.ts";
import { withBranchHints } from "./branch-hints.ts";
import { type BuildContext, BuildStepError } from "./build-context.ts";
import { buildIdOf, withBuildId } from "./build-id.ts";
import { coldFunctions } from "./cold-functions.ts";
import { exceptionFeatures, mergeUnwind } from "./unwind.ts";

/** Custom sections that the shipped wasm goes without. */
const strippedSections: ReadonlySet<string> = new Set(["name", "producers", "target_features"]);

/** Of the runs of wasm-opt; they are part of the cache's key. */
export interface WasmOptOptions {
  /** What the compiled wasm alone passes, before it is joined; no run without any. */
  readonly alone: readonly string[];
  /** What every variant passes last, so that one encoder writes all and their sizes compare. */
  readonly last: readonly string[];
}

export function wasmOptOptions({ optimize, unwind, post }: AxisValues): WasmOptOptions {
  const { alone, last } = optionsOfPost[post](optimize);
  const common = ["--strip-dwarf", "-g"];
  return {
    alone: alone.length === 0 ? [] : [...alone, ...common],
    last: [...exceptionFeatures[unwind], ...last, ...common],
  };
}

/**
 * Each function's control flow is built anew from its basic blocks: 1 % smaller, most when the code
 * was optimized before, and another 0.1 % the second time, if what the first one made is written
 * and read between. These passes know no exceptions, which come in with the join.
 */
const rebuild = ["--flatten", "--rereloop"];
/** No data lies below 1,024, the end of the stack: a small offset may move into the access. */
const layout = ["--low-memory-unused"];

/**
 * For speed without the pass that lets locals share slots: with a local for each value V8 allocates
 * registers better (fib and loops 8 to 12 % faster, measured), for 13 KB more in brotli. For size
 * again and again, with the pass that finds what values can't occur between.
 */
const optimizeOptions: Readonly<Record<Optimize, WasmOptOptions>> = {
  Debug: { alone: [], last: ["-O3"] },
  ReleaseSafe: { alone: [], last: ["-O3"] },
  ReleaseFast: { alone: [], last: ["-O3", "--skip-pass=coalesce-locals"] },
  ReleaseSmall: {
    alone: [...layout, "-Oz", "--gufa", ...rebuild, "--roundtrip", "-Oz", ...rebuild],
    last: [...layout, "-Oz", "--gufa", "-Oz"],
  },
};

const optionsOfPost: Readonly<Record<Post, (optimize: Optimize) => WasmOptOptions>> = {
  none: () => ({ alone: [], last: [] }),
  opt: (optimize) => optimizeOptions[optimize],
};

export interface PostProcessed {
  readonly shipped: Uint8Array<ArrayBuffer>;
  readonly named: Uint8Array<ArrayBuffer>;
  readonly steps: readonly BuildStep[];
}

/** Works in `folder`, a temporary one. Throws BuildStepError. */
export async function postProcess(
  wasmPath: string,
  folder: string,
  { variant, context }: { readonly variant: Variant; readonly context: BuildContext },
): Promise<PostProcessed> {
  const steps: BuildStep[] = [];
  const timed = async <Result>(name: string, step: () => Promise<Result>): Promise<Result> => {
    context.onStep?.(variant, name);
    const startMs = performance.now();
    const result = await step();
    steps.push({ name, durationMs: performance.now() - startMs });
    return result;
  };
  const { unwind } = variant;
  const options = wasmOptOptions(variant);
  const wasmOpt = async (input: string, passes: readonly string[], name: string) => {
    const path = join(folder, name);
    await runBinaryen("wasm-opt", [input, ...passes, "-o", path], context);
    return path;
  };
  const core =
    options.alone.length === 0
      ? wasmPath
      : await timed("rebuild", () => wasmOpt(wasmPath, options.alone, "rebuilt.wasm"));
  const joined =
    unwind === "js"
      ? core
      : await timed("merge", () => mergeUnwind(core, folder, { unwind, context }));
  const encodedPath = await timed(variant.post === "none" ? "encode" : "optimize", () =>
    wasmOpt(joined, options.last, "encoded.wasm"),
  );
  const encoded = new Uint8Array(await readFile(encodedPath));
  const named = isForSpeed(variant)
    ? await timed("hint", async () => checked(() => withBranchHints(encoded, coldFunctions)))
    : encoded;
  const stripped = await timed("strip", async () => strip(named));
  const buildId = buildIdOf(stripped);
  // Both are the same code over the same memory: an image of one is an image of the other.
  return { shipped: withBuildId(stripped, buildId), named: withBuildId(named, buildId), steps };
}

/** Where code may grow a little to run faster. */
function isForSpeed({ optimize, post }: Pick<AxisValues, "post" | "optimize">): boolean {
  return optimize === "ReleaseFast" && post !== "none";
}

/** The named twin's bytes without names: the same code by construction, asserted all the same. */
async function strip(named: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return await checked(async () => {
    const shipped = stripCustomSections(named, (name) => !strippedSections.has(name));
    assertSameSections(named, shipped);
    await WebAssembly.compile(shipped);
    return shipped;
  });
}

/** What reads a wasm that Binaryen wrote: throws BuildStepError where it can't be read. */
async function checked<Result>(work: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof WasmFormatError || error instanceof WebAssembly.CompileError))
      throw error;
    throw new BuildStepError(`the wasm that Binaryen wrote is damaged: ${error.message}`, {
      cause: error,
    });
  }
}

function assertSameSections(named: Uint8Array, shipped: Uint8Array): void {
  const sectionsOf = (bytes: Uint8Array) =>
    readModule(bytes).sections.flatMap(({ name, offset, sizeBytes }) =>
      strippedSections.has(name.replace(/^custom:/, ""))
        ? []
        : [Buffer.from(bytes.subarray(offset, offset + sizeBytes))],
    );
  const kept = sectionsOf(shipped);
  const expected = sectionsOf(named);
  const same =
    kept.length === expected.length && kept.every((bytes, at) => expected[at]?.equals(bytes));
  if (!same) throw new TypeError("the shipped wasm and its named twin differ in more than names");
}
