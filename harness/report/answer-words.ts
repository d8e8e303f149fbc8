/** The words that answers share: what a broken limit says, and sentences from parts. */
import { formatCount, formatPlural } from "./format.ts";
import type { BudgetCheck } from "./schema.ts";

/** What a broken limit says: variant, metric, figure, limit. */
export function overWords({ kind, unit, variant, metric, value, limit }: BudgetCheck): string {
  if (kind === "slower") {
    const slower = `${variant} is ${value.toFixed(1)} % slower at ${metric.slice("time:".length)}`;
    return `${slower}; its limit is ${limit} %`;
  }
  const excess = formatCount(value - limit);
  const limitWords = kind === "maximum" ? "limit" : "growth limit";
  const figure =
    unit === "instructions"
      ? `${variant} executes ${formatCount(value)} instructions ${costWords(metric)}`
      : `${variant} has ${formatCount(value)} bytes ${metric}`;
  return `${figure}, ${excess} over its ${limitWords} of ${formatCount(limit)}`;
}

/** "instructions" alone is the geometric mean of all of them. */
function costWords(metric: string): string {
  const workload = metric.slice("instructions:".length);
  return workload === "" ? "on average" : `for ${workload}`;
}

export function budgetWords(checks: readonly BudgetCheck[]): string {
  if (checks.length === 0) return "no limit applied";
  const over = checks.filter((check) => check.over).length;
  if (over === 0) return `within all ${formatPlural(checks.length, "limit")}`;
  return `${formatCount(over)} of ${formatPlural(checks.length, "limit")} broken`;
}

export function sentence(parts: readonly string[]): string {
  const text = parts.join("; ");
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
