/** Sizes: each variant's figures beside the baseline's, its sections and its largest functions. */
import { type BaselineRecord, baselineKey } from "../record/baseline.ts";
import type { BuildRecord, FunctionsRecord, SizeRecord } from "../record/record.ts";
import type { Size, VariantReport } from "./schema.ts";

/** The whole-file metrics, in the order of tables. */
export const fileMetrics = ["raw", "gzip", "brotli"] as const;

/** More functions than a person reads; the rest is a sum. */
const functionsShown = 40;

const sectionPrefix = "section:";

/** Bytes by `baselineKey`; a later record of the same key counts. */
export function baselineBytes(baseline: readonly BaselineRecord[]): ReadonlyMap<string, number> {
  return new Map(
    baseline.flatMap((record) =>
      record.kind === "size" ? [[baselineKey(record), record.bytes] as const] : [],
    ),
  );
}

/** One report per variant that the records name, in the order of the records. */
export function variantReports({
  builds,
  sizes,
  functions,
  baseline,
}: {
  readonly builds: readonly BuildRecord[];
  readonly sizes: readonly SizeRecord[];
  readonly functions: readonly FunctionsRecord[];
  readonly baseline: ReadonlyMap<string, number>;
}): VariantReport[] {
  const axesOf = new Map([...builds, ...sizes].map(({ variant, axes }) => [variant, axes]));
  return [...axesOf].map(([variant, axes]) => {
    const figures = sizes
      .filter((size) => size.variant === variant)
      .map((size) => sizeOf({ size, before: baseline.get(baselineKey(size)) }));
    const all = functions.find((record) => record.variant === variant)?.functions ?? [];
    return {
      variant,
      axes,
      build: buildOf(builds.find((build) => build.variant === variant)),
      sizes: fileMetrics.flatMap((metric) => figures.filter((figure) => figure.metric === metric)),
      sections: figures
        .filter((figure) => figure.metric.startsWith(sectionPrefix))
        .map((figure) => ({ ...figure, metric: figure.metric.slice(sectionPrefix.length) }))
        .toSorted((a, b) => b.bytes - a.bytes),
      functions: all
        .toSorted(([, a], [, b]) => b - a)
        .slice(0, functionsShown)
        .map(([name, bytes]) => ({ name, bytes })),
      functionsCount: all.length,
      functionsBytes: all.reduce((sum, [, bytes]) => sum + bytes, 0),
    };
  });
}

/** The figure of a whole-file metric, if it was measured. */
export function sizeIn(variant: VariantReport, metric: string): Size | undefined {
  return variant.sizes.find((size) => size.metric === metric);
}

function sizeOf({
  size,
  before,
}: {
  readonly size: SizeRecord;
  readonly before: number | undefined;
}): Size {
  const { metric, bytes } = size;
  if (before === undefined) return { metric, bytes };
  const changeBytes = bytes - before;
  const compared = { metric, bytes, baselineBytes: before, changeBytes };
  return before === 0 ? compared : { ...compared, changePercent: (100 * changeBytes) / before };
}

function buildOf(build: BuildRecord | undefined): VariantReport["build"] {
  if (build === undefined) return { state: "none", durationMs: 0, steps: [] };
  const { state, steps, sha256 } = build;
  const durationMs = steps.reduce((sum, step) => sum + step.durationMs, 0);
  return { state, durationMs, steps, ...(sha256 === undefined ? {} : { sha256 }) };
}
