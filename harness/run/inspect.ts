/** What is measured of an artifact without running it: sizes, sections, functions. */
import type { Artifact } from "../artifact/artifact.ts";
import { readModule } from "../artifact/wasm/module.ts";
import type { FunctionsRecord, SizeRecord } from "../record/record.ts";

/**
 * Size records of the shipped wasm (raw, gzip, brotli, each section) and the functions record of
 * its named twin, which has the same code. Without a twin functions bear their index as name.
 */
export async function inspectArtifact(options: {
  readonly artifact: Artifact;
  readonly axes: Readonly<Record<string, string>>;
  readonly readWasm: (path: string) => Promise<Uint8Array>;
}): Promise<readonly (SizeRecord | FunctionsRecord)[]> {
  const { artifact, readWasm } = options;
  const place = { variant: artifact.id, axes: { ...options.axes } };
  const size = (metric: string, bytes: number): SizeRecord => ({
    kind: "size",
    ...place,
    metric,
    bytes,
  });
  const { sections } = readModule(await readWasm(artifact.wasmPath));
  const sectionBytes = new Map<string, number>();
  for (const { name, sizeBytes } of sections) {
    sectionBytes.set(name, (sectionBytes.get(name) ?? 0) + sizeBytes);
  }
  const named = readModule(await readWasm(artifact.namedPath ?? artifact.wasmPath));
  const functions = named.functions
    .map(({ name, index, sizeBytes }): [string, number] => [name ?? `function ${index}`, sizeBytes])
    .sort((a, b) => b[1] - a[1]);
  return [
    size("raw", artifact.sizes.raw),
    size("gzip", artifact.sizes.gzip),
    size("brotli", artifact.sizes.brotli),
    ...[...sectionBytes].map(([name, bytes]) => size(`section:${name}`, bytes)),
    { kind: "functions", ...place, functions },
  ];
}
