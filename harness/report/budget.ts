/** Budgets: the committed limits (reports/budgets.json), and how a run's figures stand to them. */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { type BudgetFigure, budgetFigures, type FiguresOfRun } from "./budget-figures.ts";
import type { BudgetCheck } from "./schema.ts";

const scope = {
  /** Axis values that a variant must have, one or one of several; absent: every variant. */
  axes: z.record(z.string(), z.union([z.string(), z.array(z.string()).min(1)])).optional(),
  /** Why the limit is there: whoever breaks it reads this. */
  reason: z.string().min(1),
};

/** raw, gzip, brotli, or "section:<name>". */
const sizeMetric = z.string().regex(/^(?!instructions|time)/, "limits in bytes are of sizes");
/** "instructions:<workload>", one for each as "instructions:*", or "instructions", their mean. */
const costMetric = z.string().regex(/^instructions(?::.+)?$/, "its metric is instructions");
/** "time:<workload>", or one for each as "time:*". */
const timeMetric = z.string().regex(/^time:.+$/, "its metric is time:<workload> or time:*");

/** Over when the figure is more than the maximum, whatever the baseline. */
const maximumSchema = z.strictObject({
  ...scope,
  metric: sizeMetric,
  maxBytes: z.int().positive(),
});
const costMaximumSchema = z.strictObject({
  ...scope,
  metric: costMetric,
  maxInstructions: z.int().positive(),
});

/**
 * "% and bytes", "% and instructions": over when a figure grew, against the baseline, by more than
 * the percentage **and** by more than the amount. The amount lets a small figure breathe, the
 * percentage a large one.
 */
const growthSchema = z.strictObject({
  ...scope,
  metric: sizeMetric,
  maxGrowthPercent: z.number().nonnegative(),
  maxGrowthBytes: z.int().nonnegative(),
});
const costGrowthSchema = z.strictObject({
  ...scope,
  metric: costMetric,
  maxGrowthPercent: z.number().nonnegative(),
  maxGrowthInstructions: z.int().nonnegative(),
});

/** Over when the verdict on a time is "slower", and by more than this. */
const slowerSchema = z.strictObject({
  ...scope,
  metric: timeMetric,
  maxSlowerPercent: z.number().nonnegative(),
});

export const budgetsSchema = z.strictObject({
  schema: z.literal(1),
  limits: z.array(
    z.union([maximumSchema, growthSchema, costMaximumSchema, costGrowthSchema, slowerSchema]),
  ),
});
export type Budgets = z.infer<typeof budgetsSchema>;
type Limit = Budgets["limits"][number];

/** The file of budgets is missing or says something else than limits; the message says where. */
export class BudgetError extends Error {
  override readonly name = "BudgetError";
}

/** Reads reports/budgets.json. A missing file is an error: no limit may vanish unseen. */
export function readBudgets(path: string): Budgets {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BudgetError(`${path}: the budgets can't be read: ${reason}`, { cause });
  }
  const checked = budgetsSchema.safeParse(parsed);
  if (!checked.success) throw new BudgetError(`${path}: ${z.prettifyError(checked.error)}`);
  return checked.data;
}

/** Every limit on every figure it is for; a growth only where the baseline knows the figure. */
export function checkBudgets({ budgets, ...run }: FiguresOfRun & { readonly budgets: Budgets }): {
  readonly checks: BudgetCheck[];
  readonly unmatched: string[];
} {
  const figures = budgetFigures(run);
  const checks: BudgetCheck[] = [];
  const unmatched: string[] = [];
  for (const limit of budgets.limits) {
    const found = figures.filter((figure) => applies(limit, figure));
    if (found.length === 0) unmatched.push(describeLimit(limit));
    checks.push(...found.flatMap((figure) => checkFigure(limit, figure)));
  }
  return { checks, unmatched };
}

function checkFigure(limit: Limit, figure: BudgetFigure): BudgetCheck[] {
  const { variant, metric, unit, value, before } = figure;
  const check = { unit, variant, metric, value, reason: limit.reason };
  const maximum = maximumOf(limit);
  if (maximum !== undefined) {
    return [{ kind: "maximum", ...check, limit: maximum, over: value > maximum }];
  }
  if ("maxSlowerPercent" in limit) {
    const over = figure.surely === true && value > limit.maxSlowerPercent;
    return [{ kind: "slower", ...check, limit: limit.maxSlowerPercent, over }];
  }
  if (before === undefined || !("maxGrowthPercent" in limit)) return [];
  const amount = "maxGrowthBytes" in limit ? limit.maxGrowthBytes : limit.maxGrowthInstructions;
  const most = before + Math.max(Math.floor((before * limit.maxGrowthPercent) / 100), amount);
  return [{ kind: "growth", ...check, limit: most, over: value > most }];
}

function maximumOf(limit: Limit): number | undefined {
  if ("maxBytes" in limit) return limit.maxBytes;
  return "maxInstructions" in limit ? limit.maxInstructions : undefined;
}

function applies({ metric, axes = {} }: Limit, figure: BudgetFigure): boolean {
  const isMetric = metric.endsWith(":*")
    ? figure.metric.startsWith(metric.slice(0, -1))
    : figure.metric === metric;
  return (
    isMetric &&
    Object.entries(axes).every(([axis, wanted]) => {
      const value = figure.axes[axis];
      const values = typeof wanted === "string" ? [wanted] : wanted;
      return value !== undefined && values.includes(value);
    })
  );
}

function describeLimit(limit: Limit): string {
  const axes = Object.entries(limit.axes ?? {}).map(([axis, wanted]) => `${axis}=${wanted}`);
  const scopeWords = axes.length === 0 ? "of every variant" : `where ${axes.join(", ")}`;
  return `${limit.metric} ${scopeWords}: ${describeRule(limit)}`;
}

function describeRule(limit: Limit): string {
  if ("maxBytes" in limit) return `at most ${limit.maxBytes} bytes`;
  if ("maxInstructions" in limit) return `at most ${limit.maxInstructions} instructions`;
  if ("maxSlowerPercent" in limit) return `slower by at most ${limit.maxSlowerPercent} %`;
  const amount =
    "maxGrowthBytes" in limit
      ? `${limit.maxGrowthBytes} bytes`
      : `${limit.maxGrowthInstructions} instructions`;
  return `growth of at most ${limit.maxGrowthPercent} % and ${amount}`;
}
