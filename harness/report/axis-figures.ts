/** The figures whose axis effects are told: size, exact cost, time; and size against speed. */
import type { TimingRecord } from "../record/record.ts";
import { geometricMean } from "../statistics/location.ts";
import { countedCosts } from "./costs.ts";
import type { AxisFigures, VariantPair } from "./effects.ts";
import type { VariantReport } from "./schema.ts";
import type { CostReport, Front } from "./schema-figures.ts";
import { sizeIn } from "./sizes.ts";
import { isVariant } from "./subject-role.ts";
import { type Combined, combine, pairsByWorkload } from "./time-pairs.ts";

export interface FigureSources {
  readonly variants: readonly VariantReport[];
  readonly costs: readonly CostReport[];
  readonly timings: readonly TimingRecord[];
}

/** Those that at least two variants have. */
export function axisFigures(sources: FigureSources): readonly AxisFigures[] {
  const sizes = ["raw", "brotli"].map((metric) => sizeFigures(sources.variants, metric));
  return [...sizes, costFigures(sources.costs).figures, ...timeFigures(sources.timings)].filter(
    ({ variants }) => variants.length > 1,
  );
}

function sizeFigures(variants: readonly VariantReport[], metric: string): AxisFigures {
  const found = variants.flatMap((variant) => {
    const bytes = sizeIn(variant, metric)?.bytes ?? 0;
    if (bytes === 0 || Object.keys(variant.axes).length === 0) return [];
    return [{ variant: variant.variant, axes: variant.axes, value: bytes }];
  });
  return { metric: `${metric} size`, variants: found };
}

/** Over the workloads that all variants have: a mean of other workloads is another figure. */
function costFigures(costs: readonly CostReport[]): {
  readonly figures: AxisFigures;
  readonly workloadsCount: number;
} {
  const counted = countedCosts(costs).filter(
    ({ axes, instructions }) => Object.keys(axes).length > 0 && instructions > 0,
  );
  const byVariant = Map.groupBy(counted, ({ variant }) => variant);
  const keyOf = ({ workload, scale }: CostReport) => JSON.stringify([workload, scale]);
  const keys = [...byVariant.values()].map((ofVariant) => new Set(ofVariant.map(keyOf)));
  const shared = new Set([...(keys[0] ?? [])].filter((key) => keys.every((set) => set.has(key))));
  const variants = [...byVariant].flatMap(([variant, ofVariant]) => {
    const [first] = ofVariant;
    const values = ofVariant
      .filter((cost) => shared.has(keyOf(cost)))
      .map(({ instructions }) => instructions);
    if (first === undefined || values.length === 0) return [];
    return [{ variant, axes: first.axes, value: geometricMean(values) }];
  });
  const figures: AxisFigures = { metric: "exact cost", variants };
  return { figures, workloadsCount: shared.size };
}

/** One per engine. Values are relative to the first core: times alone don't compare. */
function timeFigures(timings: readonly TimingRecord[]): readonly AxisFigures[] {
  return [...Map.groupBy(timings, ({ engine }) => engine)].map(([engine, ofEngine]) => {
    const cores = new Map(ofEngine.filter(isVariant).map((one) => [one.variant, one.axes]));
    const [first = ""] = cores.keys();
    const combinedOf = (pairs: readonly VariantPair[]): Combined | undefined =>
      combine(
        pairs.flatMap((pair) => [...pairsByWorkload({ timings: ofEngine, ...pair }).values()]),
      );
    const variants = [...cores].flatMap(([variant, axes]) => {
      const value = variant === first ? 1 : combinedOf([{ base: first, subject: variant }])?.ratio;
      return value === undefined ? [] : [{ variant, axes, value }];
    });
    return { metric: `time in ${engine}`, variants, combinedOf };
  });
}

/** By exact cost over all variants, and by time over those timed; as far as there is either. */
export function frontsOf(sources: FigureSources): Front[] {
  const { figures, workloadsCount } = costFigures(sources.costs);
  const workloads = new Set(sources.timings.map(({ workload }) => workload));
  const [times] = timeFigures(sources.timings);
  return [
    ...frontOf({ speed: "instructions", workloadsCount, figures, sources }),
    ...(times === undefined
      ? []
      : frontOf({ speed: "time", workloadsCount: workloads.size, figures: times, sources })),
  ];
}

function frontOf({
  speed,
  workloadsCount,
  figures,
  sources,
}: Pick<Front, "speed" | "workloadsCount"> & {
  readonly figures: AxisFigures;
  readonly sources: FigureSources;
}): Front[] {
  const sized = figures.variants.flatMap((figure) => {
    const variant = sources.variants.find((one) => one.variant === figure.variant);
    const bytes = variant === undefined ? undefined : sizeIn(variant, "raw")?.bytes;
    return bytes === undefined ? [] : [{ ...figure, bytes }];
  });
  if (sized.length < 2) return [];
  const fastest = Math.min(...sized.map(({ value }) => value));
  const points = sized.map(({ variant, axes, value, bytes }) => ({
    ...{ variant, axes, bytes, relative: value / fastest },
    onFront: !sized.some(
      (other) =>
        other.bytes <= bytes &&
        other.value <= value &&
        (other.bytes < bytes || other.value < value),
    ),
  }));
  return [{ speed, workloadsCount, points }];
}
