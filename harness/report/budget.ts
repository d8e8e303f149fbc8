/** Budgets: the committed limits (reports/budgets.json), and how a run's figures stand to them. */
import { readFileSync } from "node:fs";
import { z } from "zod";
import type { BudgetCheck, Size, VariantReport } from "./schema.ts";

const scope = {
  /** raw, gzip, brotli, or "section:<name>". */
  metric: z.string(),
  /** Axis values that a variant must have, one or one of several; absent: every variant. */
  axes: z.record(z.string(), z.union([z.string(), z.array(z.string()).min(1)])).optional(),
  /** Why the limit is there: whoever breaks it reads this. */
  reason: z.string().min(1),
};

/** Over when the figure is more than `maxBytes`, whatever the baseline. */
const maximumSchema = z.strictObject({ ...scope, maxBytes: z.int().positive() });

/**
 * "% and bytes": over when a figure grew, against the baseline, by more than the percentage **and**
 * by more than the bytes. The bytes let a small figure breathe, the percentage a large one.
 */
const growthSchema = z.strictObject({
  ...scope,
  maxGrowthPercent: z.number().nonnegative(),
  maxGrowthBytes: z.int().nonnegative(),
});

export const budgetsSchema = z.strictObject({
  schema: z.literal(1),
  limits: z.array(z.union([maximumSchema, growthSchema])),
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
export function checkBudgets({
  budgets,
  variants,
}: {
  readonly budgets: Budgets;
  readonly variants: readonly VariantReport[];
}): { readonly checks: BudgetCheck[]; readonly unmatched: string[] } {
  const checks: BudgetCheck[] = [];
  const unmatched: string[] = [];
  for (const limit of budgets.limits) {
    const figures = variants
      .filter((variant) => applies({ limit, axes: variant.axes }))
      .flatMap((variant) => {
        const size = figureOf({ variant, metric: limit.metric });
        return size === undefined ? [] : [{ variant: variant.variant, size }];
      });
    if (figures.length === 0) unmatched.push(describeLimit(limit));
    checks.push(...figures.flatMap(({ variant, size }) => checkFigure({ limit, variant, size })));
  }
  return { checks, unmatched };
}

function checkFigure({
  limit,
  variant,
  size,
}: {
  readonly limit: Limit;
  readonly variant: string;
  readonly size: Size;
}): BudgetCheck[] {
  const { metric, reason } = limit;
  const { bytes, baselineBytes } = size;
  if ("maxBytes" in limit) {
    const limitBytes = limit.maxBytes;
    return [
      { kind: "maximum", variant, metric, bytes, limitBytes, over: bytes > limitBytes, reason },
    ];
  }
  if (baselineBytes === undefined) return [];
  const limitBytes = growthLimitBytes({ limit, baselineBytes });
  return [{ kind: "growth", variant, metric, bytes, limitBytes, over: bytes > limitBytes, reason }];
}

/** The largest size that breaks neither half of the rule's "and": whichever allows more. */
function growthLimitBytes({
  limit,
  baselineBytes,
}: {
  readonly limit: z.infer<typeof growthSchema>;
  readonly baselineBytes: number;
}): number {
  const byPercent = Math.floor((baselineBytes * limit.maxGrowthPercent) / 100);
  return baselineBytes + Math.max(byPercent, limit.maxGrowthBytes);
}

function applies({
  limit,
  axes,
}: {
  readonly limit: Limit;
  readonly axes: VariantReport["axes"];
}): boolean {
  return Object.entries(limit.axes ?? {}).every(([axis, wanted]) => {
    const value = axes[axis];
    return value !== undefined && (typeof wanted === "string" ? [wanted] : wanted).includes(value);
  });
}

function figureOf({
  variant,
  metric,
}: {
  readonly variant: VariantReport;
  readonly metric: string;
}): Size | undefined {
  const section = metric.startsWith("section:") ? metric.slice("section:".length) : undefined;
  if (section === undefined) return variant.sizes.find((size) => size.metric === metric);
  return variant.sections.find((size) => size.metric === section);
}

function describeLimit(limit: Limit): string {
  const axes = Object.entries(limit.axes ?? {}).map(([axis, wanted]) => `${axis}=${wanted}`);
  const rule =
    "maxBytes" in limit
      ? `at most ${limit.maxBytes} bytes`
      : `growth of at most ${limit.maxGrowthPercent} % and ${limit.maxGrowthBytes} bytes`;
  const scopeWords = axes.length === 0 ? "of every variant" : `where ${axes.join(", ")}`;
  return `${limit.metric} ${scopeWords}: ${rule}`;
}
