/** Compiles a variant's core with Zig: once for all values of `post`, and kept by content. */
import { copyFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { AxisValues, Optimize, Variant } from "../variant/variant.ts";
import { type BuildContext, BuildStepError } from "./build-context.ts";
import { hashSources, keyOf, type SourceHashes } from "./build-key.ts";
import { obtainEntry } from "./cache.ts";
import { runProgram } from "./program.ts";
import { zigCacheEnvironment } from "./provision/provision-context.ts";

/** Somebody edited a source while it was compiled: the wasm belongs to no key. */
export class SourcesChangedError extends BuildStepError {}

export interface Compiled {
  /** Unstripped: with names and DWARF. */
  readonly wasmPath: string;
  readonly durationMs: number;
}

const factsSchema = z.strictObject({ durationMs: z.number() });

/** How Zig 0.17 names the optimizations on its command line. */
const zigOptimize: Readonly<Record<Optimize, string>> = {
  Debug: "debug",
  ReleaseSafe: "safe",
  ReleaseFast: "fast",
  ReleaseSmall: "small",
};

/** The options of build.zig that select a variant; they are part of the cache's key. */
export function zigOptions({
  target,
  optimize,
  unwind,
}: Omit<AxisValues, "post">): readonly string[] {
  return [`-Dplatform=${target}`, `-Doptimize=${zigOptimize[optimize]}`, `-Dunwind=${unwind}`];
}

export function compiledFolder(root: string): string {
  return join(root, ".cache", "compiled");
}

const inFlight = new Map<string, Promise<Compiled>>();

/** Throws BuildStepError with the first compiler error. */
export async function compile(
  variant: Variant,
  sources: SourceHashes,
  context: BuildContext,
): Promise<Compiled> {
  const options = zigOptions(variant);
  const key = keyOf({ sources: sources.compile, options });
  const folder = join(compiledFolder(context.root), key);
  const running = inFlight.get(folder);
  if (running !== undefined) return await running;
  const started = cachedCompile({ folder, options, sources }, { variant, context });
  inFlight.set(folder, started);
  try {
    return await started;
  } finally {
    inFlight.delete(folder);
  }
}

interface Compilation {
  readonly folder: string;
  readonly options: readonly string[];
  readonly sources: SourceHashes;
}

async function cachedCompile(
  { folder, options, sources }: Compilation,
  { variant, context }: { readonly variant: Variant; readonly context: BuildContext },
): Promise<Compiled> {
  const wasmPath = join(folder, "core.wasm");
  const { facts } = await obtainEntry({
    folder,
    factsSchema,
    fill: async (temporary) => {
      context.onStep?.(variant, "compile");
      const made = await runZig({ temporary, options }, context);
      const now = await hashSources(context.root, context.tools);
      if (now.compile === sources.compile) return made;
      throw new SourcesChangedError("the sources keep changing while they are compiled");
    },
    onDamaged: (reason) =>
      context.onNotice?.(variant, `rebuilt: the compiled wasm in the cache is damaged (${reason})`),
    force: context.force,
    signal: context.signal,
  });
  return { wasmPath, durationMs: facts.durationMs };
}

async function runZig(
  { temporary, options }: { readonly temporary: string; readonly options: readonly string[] },
  { root, tools, signal }: BuildContext,
): Promise<z.infer<typeof factsSchema>> {
  const startMs = performance.now();
  const prefix = join(temporary, "prefix");
  await runProgram({
    name: "zig build",
    command: [
      tools.zigPath,
      "build",
      "core",
      `-Dlua=${tools.luaPath}`,
      ...options,
      "--prefix",
      prefix,
    ],
    root,
    environment: zigCacheEnvironment(root),
    signal,
  });
  await copyFile(join(prefix, "bin", "core.wasm"), join(temporary, "core.wasm"));
  await rm(prefix, { recursive: true });
  return { durationMs: performance.now() - startMs };
}
