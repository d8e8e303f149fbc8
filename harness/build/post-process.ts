/** Turns a compiled wasm into the shipped one and its named twin, step by step, with Binaryen. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { BuildStep } from "../artifact/artifact.ts";
import { assertNever } from "../artifact/assert-never.ts";
import { readModule, WasmFormatError } from "../artifact/wasm/module.ts";
import { stripCustomSections } from "../artifact/wasm/strip.ts";
import type { AxisValues, Variant } from "../variant/variant.ts";
import { runBinaryen } from "./binaryen.ts";
import { withBranchHints } from "./branch-hints.ts";
import { type BuildContext, BuildStepError } from "./build-context.ts";
import { buildIdOf, withBuildId } from "./build-id.ts";
import { coldFunctions } from "./cold-functions.ts";
import { exceptionFeatures, mergeUnwind } from "./unwind.ts";

/** Custom sections that the shipped wasm goes without. */
const strippedSections: ReadonlySet<string> = new Set(["name", "producers", "target_features"]);

/**
 * The options of the one wasm-opt run that every variant passes, so that all are written by the
 * same encoder and their sizes compare. They are part of the cache's key.
 */
export function wasmOptOptions({ optimize, unwind, post }: AxisValues): readonly string[] {
  return [...exceptionFeatures[unwind], "--strip-dwarf", ...postOptions({ post, optimize }), "-g"];
}

/**
 * For speed without the pass that lets locals share slots: with a local for each value V8 allocates
 * registers better (fib and loops 8 to 12 % faster, measured), for 13 KB more in brotli. For size
 * twice, between them the pass that finds what values can't occur: 0.25 % smaller.
 */
const optimizeOptions = {
  Debug: ["-O3"],
  ReleaseSafe: ["-O3"],
  ReleaseFast: ["-O3", "--skip-pass=coalesce-locals"],
  ReleaseSmall: ["-Oz", "--gufa", "-Oz"],
} as const;

function postOptions({ post, optimize }: Pick<AxisValues, "post" | "optimize">): readonly string[] {
  switch (post) {
    case "none":
      return [];
    case "opt":
      return optimizeOptions[optimize];
    default:
      return assertNever(post);
  }
}

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
  const joined =
    unwind === "js"
      ? wasmPath
      : await timed("merge", () => mergeUnwind(wasmPath, folder, { unwind, context }));
  const encodedPath = join(folder, "encoded.wasm");
  await timed(variant.post === "opt" ? "optimize" : "encode", () =>
    runBinaryen("wasm-opt", [joined, ...wasmOptOptions(variant), "-o", encodedPath], context),
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
  return optimize === "ReleaseFast" && post === "opt";
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
