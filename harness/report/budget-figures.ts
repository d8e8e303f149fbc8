/** The figures that budgets limit: sizes, exact costs, and how much slower a core became. */

import { geometricMean } from "../statistics/location.ts";
import { countedCosts } from "./costs.ts";
import type { BudgetCheck, VariantReport } from "./schema.ts";
import type { CostReport, Workload } from "./schema-figures.ts";

export interface FiguresOfRun {
  readonly variants: readonly VariantReport[];
  readonly costs: readonly CostReport[];
  readonly workloads: readonly Workload[];
}

export interface BudgetFigure {
  readonly variant: string;
  readonly axes: Readonly<Record<string, string>>;
  readonly metric: string;
  readonly unit: BudgetCheck["unit"];
  readonly value: number;
  /** The baseline's. */
  readonly before?: number;
  /** Of a time: the verdict is "slower". */
  readonly surely?: boolean;
}

export function budgetFigures({ variants, costs, workloads }: FiguresOfRun): BudgetFigure[] {
  return [
    ...variants.flatMap(sizeFigures),
    ...countedCosts(costs).map(costFigure),
    ...meanFigures(countedCosts(costs)),
    ...workloads.flatMap(timeFigures),
  ];
}

function sizeFigures({ variant, axes, sizes, sections }: VariantReport): BudgetFigure[] {
  const named = sections.map((section) => ({ ...section, metric: `section:${section.metric}` }));
  return [...sizes, ...named].map(({ metric, bytes, baselineBytes }) => ({
    ...{ variant, axes, metric, unit: "bytes", value: bytes },
    ...(baselineBytes === undefined ? {} : { before: baselineBytes }),
  }));
}

function costFigure({
  variant,
  axes,
  workload,
  instructions,
  baselineInstructions,
}: CostReport): BudgetFigure {
  return {
    ...{ variant, axes, metric: `instructions:${workload}`, unit: "instructions" },
    value: instructions,
    ...(baselineInstructions === undefined ? {} : { before: baselineInstructions }),
  };
}

/** The geometric means, in whole instructions; of what the baseline knows where it knows any. */
function meanFigures(costs: readonly CostReport[]): BudgetFigure[] {
  return [...Map.groupBy(costs, ({ variant }) => variant)].map(([variant, ofVariant]) => {
    const known = ofVariant.filter((cost) => cost.baselineInstructions !== undefined);
    const counted = known.length > 0 ? known : ofVariant;
    const meanOf = (read: (cost: CostReport) => number): number =>
      Math.round(geometricMean(counted.map((cost) => Math.max(1, read(cost)))));
    return {
      ...{ variant, axes: ofVariant[0]?.axes ?? {}, metric: "instructions", unit: "instructions" },
      value: meanOf(({ instructions }) => instructions),
      ...(known.length === 0
        ? {}
        : { before: meanOf(({ baselineInstructions = 0 }) => baselineInstructions) }),
    };
  });
}

function timeFigures({ workload, subjects }: Workload): BudgetFigure[] {
  return subjects.flatMap(({ subject, axes, change }): BudgetFigure[] => {
    if (change === undefined) return [];
    const { ratio, verdict } = change;
    return [
      {
        ...{ variant: subject, axes, metric: `time:${workload}`, unit: "percent" },
        ...{ value: 100 * (ratio - 1), surely: verdict === "slower" },
      },
    ];
  });
}
