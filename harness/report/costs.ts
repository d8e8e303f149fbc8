/** Exact costs: what each workload executes on each variant, beside the baseline's. */
import { type BaselineRecord, baselineKey } from "../record/baseline.ts";
import type { CostRecord } from "../record/record.ts";
import { geometricMean } from "../statistics/location.ts";
import type { CostReport, CostTotal } from "./schema-figures.ts";

type Figures = Pick<CostReport, "instructions" | "bulkBytes" | "hostCalls" | "heapPeakBytes"> &
  Pick<CostReport, "bytesToHost" | "bytesFromHost">;

function keyOf({ axes, variant, workload, scale }: Omit<CostRecord, "functions">): string {
  return baselineKey({ axes, variant, metric: JSON.stringify([workload, scale]) });
}

/** One report per variant, workload and scale: engines are folded, for they count the same. */
export function costReports({
  costs,
  baseline,
}: {
  readonly costs: readonly CostRecord[];
  readonly baseline: readonly BaselineRecord[];
}): CostReport[] {
  const before = new Map(
    baseline.flatMap((record) =>
      record.kind === "cost" ? [[keyOf(record), record.instructions] as const] : [],
    ),
  );
  const groups = Map.groupBy(costs, keyOf);
  return [...groups].flatMap(([key, group]) => {
    const [first] = group;
    if (first === undefined) return [];
    const { variant, axes, workload, scale } = first;
    const functions = group.find((cost) => cost.functions !== undefined)?.functions;
    const disagreement = disagreementOf(group);
    return [
      {
        ...{ variant, axes, workload, scale, engines: group.map(({ engine }) => engine) },
        ...figuresOf(first),
        ...changeOf(first.instructions, before.get(key)),
        ...(functions === undefined ? {} : { functions }),
        ...(disagreement === undefined ? {} : { disagreement }),
      },
    ];
  });
}

function figuresOf(cost: CostRecord): Figures {
  const { instructions, bulkBytes, hostCalls, bytesToHost, bytesFromHost, heapPeakBytes } = cost;
  return { instructions, bulkBytes, hostCalls, bytesToHost, bytesFromHost, heapPeakBytes };
}

function changeOf(instructions: number, before: number | undefined) {
  if (before === undefined) return {};
  const changeInstructions = instructions - before;
  const compared = { baselineInstructions: before, changeInstructions };
  return before === 0
    ? compared
    : { ...compared, changePercent: (100 * changeInstructions) / before };
}

function disagreementOf(costs: readonly CostRecord[]): string | undefined {
  const texts = costs.map((cost) => JSON.stringify(figuresOf(cost)));
  if (new Set(texts).size < 2) return undefined;
  return costs
    .map((cost) => {
      const figures = Object.entries(figuresOf(cost)).map(([name, value]) => `${name} ${value}`);
      return `${cost.engine} ${cost.engineVersion}: ${figures.join(", ")}`;
    })
    .join("; ");
}

/** Of the larger scale that a variant was counted at: smoke sizes are for checks alone. */
export function countedCosts(costs: readonly CostReport[]): readonly CostReport[] {
  const full = new Set(costs.filter((cost) => cost.scale === "full").map(({ variant }) => variant));
  return costs.filter(({ variant, scale }) => scale === "full" || !full.has(variant));
}

/** Per variant, in the order of the costs: the geometric mean, and that of the changes. */
export function costTotals(costs: readonly CostReport[]): CostTotal[] {
  const variants = Map.groupBy(countedCosts(costs), ({ variant }) => variant);
  return [...variants].map(([variant, ofVariant]) => {
    const ratios = ofVariant.flatMap(({ instructions, baselineInstructions = 0 }) =>
      baselineInstructions > 0 && instructions > 0 ? [instructions / baselineInstructions] : [],
    );
    return {
      ...{ variant, workloadsCount: ofVariant.length, comparedCount: ratios.length },
      geometricMean: geometricMean(ofVariant.map(({ instructions }) => Math.max(1, instructions))),
      ...(ratios.length === 0 ? {} : { changePercent: 100 * (geometricMean(ratios) - 1) }),
    };
  });
}
