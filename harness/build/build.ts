/** The build: one variant in, its artifact or the first error out. */
import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Variant } from "../variant/variant.ts";
import type { Artifact } from "./artifact.ts";
import { ArtifactError, measureSizes, readManifest } from "./artifact-file.ts";
import { type BuildContext, type BuildResult, BuildStepError } from "./build-context.ts";
import { hashSources, keyOf, type SourceHashes } from "./build-key.ts";
import { evictEntries, obtainEntry, sha256Of } from "./cache.ts";
import { compile, compiledFolder, SourcesChangedError, zigOptions } from "./compile.ts";
import { postProcess, wasmOptOptions } from "./post-process.ts";

export type { BuildContext, BuildResult };

const attemptsMax = 3;
const wasmFile = "core.wasm";
const namedFile = "core.named.wasm";
/** It carries Lua's copyright notice: whoever passes the wasm on passes it on, too. */
const licenceFile = "LICENSE";

/** `artifact.json`: an Artifact whose paths are names of files beside it. */
const artifactSchema = z.strictObject({
  id: z.string(),
  wasmPath: z.literal(wasmFile),
  namedPath: z.literal(namedFile),
  sha256: z.string(),
  sizes: z.strictObject({ raw: z.int(), gzip: z.int(), brotli: z.int() }),
  manifest: z.strictObject({
    abi: z.int(),
    lua: z.string(),
    zig: z.string(),
    target: z.string(),
    optimize: z.string(),
    unwind: z.string(),
  }),
  steps: z.array(z.strictObject({ name: z.string(), durationMs: z.number() })),
});
type StoredArtifact = z.infer<typeof artifactSchema>;

function artifactsFolder(root: string): string {
  return join(root, ".cache", "artifacts");
}

/**
 * Builds a variant, or takes it from the cache. What the compiler or Binaryen refuse is a value;
 * throws the signal's reason when it is aborted, and for faults of the machine (a full disk).
 */
export async function build(variant: Variant, context: BuildContext): Promise<BuildResult> {
  context.signal?.throwIfAborted();
  try {
    return await steadyBuild(variant, context);
  } catch (error) {
    context.signal?.throwIfAborted();
    if (!(error instanceof BuildStepError)) throw error;
    const repro = `npm run build -- ${variant.id}`;
    return { ok: false, message: error.message, log: error.log, repro };
  }
}

/** Begins again when a source was edited on the way; not for ever. */
async function steadyBuild(variant: Variant, context: BuildContext): Promise<BuildResult> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await cachedBuild(variant, context);
    } catch (error) {
      if (!(error instanceof SourcesChangedError) || attempt === attemptsMax) throw error;
      context.onNotice?.(variant, "built again: a source changed while it was compiled");
    }
  }
}

async function cachedBuild(variant: Variant, context: BuildContext): Promise<BuildResult> {
  const sources = await hashSources(context.root, context.tools);
  const { compile, post } = sources;
  const parts = { compile, post, zig: zigOptions(variant), wasmOpt: wasmOptOptions(variant) };
  const folder = join(artifactsFolder(context.root), `${variant.id}-${keyOf(parts)}`);
  const { facts, cached } = await obtainEntry({
    folder,
    factsSchema: artifactSchema,
    fill: (temporary) => makeArtifact(variant, { temporary, sources }, context),
    onDamaged: (reason) =>
      context.onNotice?.(variant, `rebuilt: its cache entry is damaged (${reason})`),
    force: context.force,
    signal: context.signal,
  });
  if (!cached) await evictEntries([artifactsFolder(context.root), compiledFolder(context.root)]);
  return { ok: true, artifact: placed(facts, folder), cached };
}

function placed(stored: StoredArtifact, folder: string): Artifact {
  return {
    ...stored,
    wasmPath: join(folder, stored.wasmPath),
    namedPath: join(folder, stored.namedPath),
  };
}

async function makeArtifact(
  variant: Variant,
  { temporary, sources }: { readonly temporary: string; readonly sources: SourceHashes },
  context: BuildContext,
): Promise<StoredArtifact> {
  const compiled = await compile(variant, sources, context);
  const work = join(temporary, "work");
  await mkdir(work);
  const { shipped, named, steps } = await postProcess(compiled.wasmPath, work, {
    variant,
    context,
  });
  await rm(work, { recursive: true });
  context.onStep?.(variant, "measure");
  await writeFile(join(temporary, wasmFile), shipped);
  await writeFile(join(temporary, namedFile), named);
  await copyFile(join(context.root, licenceFile), join(temporary, licenceFile));
  const artifact: StoredArtifact = {
    id: variant.id,
    wasmPath: wasmFile,
    namedPath: namedFile,
    sha256: sha256Of(shipped),
    sizes: await measureSizes(shipped),
    manifest: await manifestOf(shipped, variant),
    steps: [{ name: "compile", durationMs: compiled.durationMs }, ...steps],
  };
  await writeFile(join(temporary, "artifact.json"), `${JSON.stringify(artifact, null, 2)}\n`);
  return artifact;
}

/** The wasm's own word against the axes asked for: a build.zig that mixes them up fails. */
async function manifestOf(
  shipped: Uint8Array<ArrayBuffer>,
  variant: Variant,
): Promise<StoredArtifact["manifest"]> {
  let manifest: StoredArtifact["manifest"];
  try {
    manifest = await readManifest(shipped, `the wasm of ${variant.id}`);
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    throw new BuildStepError(error.message, { cause: error });
  }
  for (const axis of ["target", "optimize", "unwind"] as const) {
    if (manifest[axis] !== variant[axis]) {
      throw new BuildStepError(
        `the wasm of ${variant.id} says of itself ${axis}=${manifest[axis]}`,
      );
    }
  }
  return manifest;
}
