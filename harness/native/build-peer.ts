/** Builds stock Lua for this machine, to compare speeds with: upstream's sources and flags. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { keyOf } from "../build/build-key.ts";
import { evictEntries, obtainEntry, sha256Of } from "../build/cache.ts";
import { runProgram } from "../build/program.ts";
import { zigCacheEnvironment } from "../build/provision/provision-context.ts";
import { type NativeContext, nativeCacheBytesMax } from "./build-native.ts";

const name = "peer";
/** As upstream's Makefile has them, less the platform's readline and dynamic loading. */
const flags = ["-O2", "-DLUA_COMPAT_5_3", "-DLUA_USE_POSIX"] as const;
/** On the machine's own libc, as a packaged `lua` is, and without the processor's extras. */
const options = ["-O", "ReleaseFast", "-mcpu", "baseline", "-fstrip", "-lc"] as const;
/** What is no part of the library: two programs, upstream's tests, and all files in one. */
const otherFiles = new Set(["lua.c", "luac.c", "ltests.c", "onelua.c"]);
const factsSchema = z.strictObject({ durationMs: z.number() });

/**
 * The path of the built executable. It is no step of build.zig: that is part of every variant's
 * key, and its runner takes longer to compile than this. Throws BuildStepError, or the signal's
 * reason.
 */
export async function buildPeer(context: NativeContext): Promise<string> {
  const { root, tools, signal, progress } = context;
  const source = join(root, "zig", "native", "peer.zig");
  const { zigVersion, luaVersion } = tools;
  const sources = sha256Of(await readFile(source, "utf8"));
  const parent = join(root, ".cache", "native");
  const folder = join(parent, keyOf({ name, zigVersion, luaVersion, sources, flags, options }));
  const { cached } = await obtainEntry({
    folder,
    factsSchema,
    fill: async (temporary) => {
      progress?.("building stock Lua for this machine …");
      const files = (await readdir(tools.luaPath)).filter(
        (file) => file.endsWith(".c") && !otherFiles.has(file),
      );
      const startMs = performance.now();
      await runProgram({
        name: "zig build-exe",
        command: [
          ...([tools.zigPath, "build-exe", source, "--name", name] as const),
          ...[...options, "-I", tools.luaPath],
          ...[
            "-cflags",
            ...flags,
            "--",
            ...files.toSorted().map((file) => join(tools.luaPath, file)),
          ],
          `-femit-bin=${join(temporary, name)}`,
        ],
        root,
        environment: zigCacheEnvironment(root),
        signal,
      });
      return { durationMs: performance.now() - startMs };
    },
    signal,
  });
  if (!cached) await evictEntries([parent], nativeCacheBytesMax);
  return join(folder, name);
}
