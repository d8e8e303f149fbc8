/** Makes what a run is given out of the project: builds, files, cache, closures. */
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { ArtifactError, fromFile } from "../../harness/build/artifact-file.ts";
import { build } from "../../harness/build/build.ts";
import { importClosureHash } from "../../harness/build/import-closure.ts";
import { luaFolder } from "../../harness/build/provision/lua.ts";
import { provision, type Tools } from "../../harness/build/provision/provision.ts";
import { readSources } from "../../harness/ledger/read-sources.ts";
import type { SourceIndex } from "../../harness/ledger/sources.ts";
import { BusyClock } from "../../harness/run/busy-clock.ts";
import type { ArtifactSource, RunContext } from "../../harness/run/context.ts";
import { OutcomeCache } from "../../harness/run/outcome-cache.ts";
import type { Suite } from "../../harness/suite/suite.ts";
import { variantById } from "../../harness/variant/list.ts";
import type { Invocation } from "../command/invocation.ts";
import { projectPaths } from "../command/paths.ts";
import { UsageError } from "../command/usage.ts";

const suitesUrl = new URL("../../suites/index.ts", import.meta.url);

/** The parts of a context that are the same for every run of the project. */
export type ProjectContext = Pick<
  RunContext,
  "readWasm" | "sourceIndex" | "luaPath" | "suitesUrl" | "closureOf" | "cache" | "signal" | "busy"
>;

export function projectContext(invocation: Invocation): ProjectContext {
  const closures = new Map<Suite, Promise<string>>();
  let sourceIndex: Promise<SourceIndex> | undefined;
  return {
    readWasm: async (path) => await readFile(path),
    sourceIndex: () => {
      const { root } = invocation;
      sourceIndex ??= readSources({ root, luaFolder: luaFolder(invocation) });
      return sourceIndex;
    },
    luaPath: luaFolder(invocation),
    suitesUrl: suitesUrl.href,
    closureOf: (suite) => {
      const known = closures.get(suite) ?? closureOf(suite, invocation.root);
      closures.set(suite, known);
      return known;
    },
    cache: new OutcomeCache(projectPaths(invocation.root).outcomes),
    signal: invocation.signal,
    busy: new BusyClock(invocation.nowMs),
  };
}

/** A suite's cases also depend on what runs them: the worker, and the library that it loads. */
async function closureOf({ entry }: Suite, root: string): Promise<string> {
  return await importClosureHash({
    roots: [new URL(entry), new URL("../worker/node-worker.ts", import.meta.url)],
    base: pathToFileURL(`${root}/`),
  });
}

/** Artifacts that are built, each in its turn. Throws ProvisionError when a tool is missing. */
export async function builtArtifacts(options: {
  readonly invocation: Invocation;
  readonly force: boolean;
  readonly progress: (line: string) => void;
}): Promise<{ readonly artifactOf: ArtifactSource; readonly tools: Tools }> {
  const { invocation, force, progress } = options;
  const { root, environment, signal } = invocation;
  const tools = await provision({ root, environment, progress, signal });
  const artifactOf: ArtifactSource = async (subject, hooks) => {
    const variant = variantById(subject.id);
    if (variant === undefined) throw new UsageError(`there is no variant "${subject.id}"`);
    const result = await build(variant, {
      root,
      tools,
      force,
      signal: hooks.signal,
      onStep: (_, step) => hooks.onStep(step),
      onNotice: ({ id }, notice) => progress(`${id}: ${notice}`),
    });
    return result.ok ? result : { ok: false, message: result.message };
  };
  return { artifactOf, tools };
}

/** The artifact that `--wasm` names. A file that is missing or no core is wrong use: UsageError. */
export async function fileArtifact(path: string): Promise<ArtifactSource> {
  try {
    const artifact = await fromFile(path);
    return async () => ({ ok: true, artifact, cached: true });
  } catch (error) {
    if (error instanceof ArtifactError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}
