/** What is measured of an artifact without running it: sizes, sections, functions, every byte. */
import type { Artifact } from "../../build/artifact.ts";
import { ledgerOf } from "../../ledger/ledger.ts";
import { ledgerRecord } from "../../ledger/ledger-record.ts";
import type { SourceIndex } from "../../ledger/sources.ts";
import type { FunctionsRecord, LedgerRecord, SizeRecord } from "../../record/record.ts";
import { readModule } from "../../wasm/module.ts";

/**
 * Size records of the shipped wasm (raw, gzip, brotli, each section), the functions record of its
 * named twin, which has the same code, and the ledger of both. Without a twin functions bear their
 * index as name.
 */
export async function inspectArtifact(options: {
  readonly artifact: Artifact;
  readonly axes: Readonly<Record<string, string>>;
  readonly readWasm: (path: string) => Promise<Uint8Array>;
  readonly sources: SourceIndex;
}): Promise<readonly (SizeRecord | FunctionsRecord | LedgerRecord)[]> {
  const { artifact, readWasm, sources } = options;
  const place = { variant: artifact.id, axes: { ...options.axes } };
  const size = (metric: string, bytes: number): SizeRecord => ({
    kind: "size",
    ...place,
    metric,
    bytes,
  });
  const shipped = await readWasm(artifact.wasmPath);
  const { sections } = readModule(shipped);
  const sectionBytes = new Map<string, number>();
  for (const { name, sizeBytes } of sections) {
    sectionBytes.set(name, (sectionBytes.get(name) ?? 0) + sizeBytes);
  }
  const twin = artifact.namedPath === undefined ? shipped : await readWasm(artifact.namedPath);
  const functions = readModule(twin)
    .functions.map(({ name, index, sizeBytes }): [string, number] => [
      name ?? `function ${index}`,
      sizeBytes,
    ])
    .sort((a, b) => b[1] - a[1]);
  return [
    size("raw", artifact.sizes.raw),
    size("gzip", artifact.sizes.gzip),
    size("brotli", artifact.sizes.brotli),
    ...[...sectionBytes].map(([name, bytes]) => size(`section:${name}`, bytes)),
    { kind: "functions", ...place, functions },
    ledgerRecord(ledgerOf({ wasm: shipped, named: twin, sources }), place),
  ];
}
