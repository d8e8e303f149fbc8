/** Builds the programs for the host that build.zig names, once for each state of their sources. */
import { copyFile, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { hashSources, keyOf } from "../build/build-key.ts";
import { evictEntries, obtainEntry } from "../build/cache.ts";
import { SourcesChangedError } from "../build/compile.ts";
import { runProgram } from "../build/program.ts";
import type { Tools } from "../build/provision/provision.ts";
import { zigCacheEnvironment } from "../build/provision/provision-context.ts";

/** A step of build.zig, and the executable that it installs, perhaps with shared libraries. */
export type NativeProgram = "oracle" | "native-lua" | "native-lua-memcheck";

export interface NativeContext {
  /** The project's folder. */
  readonly root: string;
  readonly tools: Tools;
  readonly signal?: AbortSignal;
  /** One line of progress for a person, when there is something to build. */
  readonly progress?: (line: string) => void;
}

const factsSchema = z.strictObject({ durationMs: z.number() });
/** Of the folder of all programs for the host. */
export const nativeCacheBytesMax = 1 << 27;

/**
 * The path of the built executable; what belongs to it lies beside it. Throws BuildStepError, or
 * the signal's reason.
 */
export async function buildNative(program: NativeProgram, context: NativeContext): Promise<string> {
  const { root, tools, signal, progress } = context;
  const parent = join(root, ".cache", "native");
  const { native } = await hashSources(root, tools);
  const folder = join(parent, keyOf({ program, sources: native }));
  const executable = join(folder, program);
  const { cached } = await obtainEntry({
    folder,
    factsSchema,
    fill: async (temporary) => {
      progress?.(`building ${program} …`);
      const startMs = performance.now();
      const prefix = join(temporary, "prefix");
      await runProgram({
        name: "zig build",
        command: [tools.zigPath, "build", program, `-Dlua=${tools.luaPath}`, "--prefix", prefix],
        root,
        environment: zigCacheEnvironment(root),
        signal,
      });
      const built = join(prefix, "bin");
      for (const name of await readdir(built)) {
        await copyFile(join(built, name), join(temporary, name));
      }
      await rm(prefix, { recursive: true });
      if ((await hashSources(root, tools)).native !== native) {
        throw new SourcesChangedError(`the sources changed while ${program} was compiled`);
      }
      return { durationMs: performance.now() - startMs };
    },
    signal,
  });
  if (!cached) await evictEntries([parent], nativeCacheBytesMax);
  return executable;
}
