/** Who is timed: variants that are built, or wasm files, as cores that a process can load. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { CoreSpec } from "../../harness/bench/protocol.ts";
import type { Tools } from "../../harness/build/provision/provision.ts";
import type { ArtifactSource } from "../../harness/run/context.ts";
import { variantById } from "../../harness/variant/list.ts";
import type { Variant } from "../../harness/variant/variant.ts";
import { BuildFailedError } from "../command/build-failed-error.ts";
import type { Invocation } from "../command/invocation.ts";
import { linesTo } from "../command/lines.ts";
import { UsageError } from "../command/usage.ts";
import { revisionCore } from "../subject/revision-core.ts";
import { builtArtifacts } from "../subject/run-context.ts";
import { fileSubject, subjectOf } from "../subject/select.ts";

export interface CoreLineup {
  /** The base first. */
  readonly cores: readonly CoreSpec[];
  readonly tools: Tools;
}

/**
 * Builds what is not there. `against` is the id of a variant, a wasm file, or a commit of git, of
 * which the first of the variants is built.
 */
export async function coreLineup(
  { variants, against }: { readonly variants: readonly Variant[]; readonly against?: string },
  invocation: Invocation,
): Promise<CoreLineup> {
  const progress = linesTo(invocation.stderr);
  const { artifactOf, tools } = await builtArtifacts({ invocation, force: false, progress });
  const cores: CoreSpec[] = [];
  if (against !== undefined) {
    cores.push(await baseCore(against, variants[0], { artifactOf, invocation }));
  }
  for (const variant of variants) {
    const role = cores.length === 0 ? "base" : "variant";
    cores.push(await builtCore(variant, role, { artifactOf, invocation }));
  }
  const names = cores.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new UsageError(`${twice} against itself: every run has an A/A twin that shows that`);
  }
  return { cores, tools };
}

interface Source {
  readonly artifactOf: ArtifactSource;
  readonly invocation: Invocation;
}

async function baseCore(
  against: string,
  first: Variant | undefined,
  source: Source,
): Promise<CoreSpec> {
  const path = resolve(source.invocation.root, against);
  if (against.endsWith(".wasm")) {
    if (!existsSync(path)) throw new UsageError(`--against ${against}: there is no such file`);
    return { name: fileSubject(against).id, role: "revision", axes: {}, wasmPath: path };
  }
  const variant = variantById(against);
  if (variant !== undefined) return await builtCore(variant, "base", source);
  if (first === undefined) throw new UsageError(`--against ${against}: name a variant to compare`);
  const { name, wasmPath } = await revisionCore(against, first.id, source.invocation);
  return { name, role: "revision", axes: { ...subjectOf(first).axes }, wasmPath };
}

async function builtCore(
  variant: Variant,
  role: "base" | "variant",
  { artifactOf, invocation }: Source,
): Promise<CoreSpec> {
  const { stderr, signal } = invocation;
  const planned = subjectOf(variant);
  const onStep = (step: string): void => void stderr.write(`${variant.id}: ${step}\n`);
  const built = await artifactOf(planned, { onStep, signal });
  if (!built.ok) {
    throw new BuildFailedError({ id: variant.id, message: built.message });
  }
  const { wasmPath } = built.artifact;
  return { name: variant.id, role, axes: { ...planned.axes }, wasmPath };
}
