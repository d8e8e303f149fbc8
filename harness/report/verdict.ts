/** The verdict: the exit code that a run's report stands for (README, "Exit codes"). */
import type { ReportModel } from "./schema.ts";

/** 1 and 2, our own error and wrong usage, never come from a report. */
export type Verdict = 0 | 3 | 5 | 6 | 7 | 130;

/**
 * The first that applies: 130 interrupted, 3 a build failed, 5 a case failed, 6 over budget in
 * bytes or exact cost, 7 surely slower than the budget allows, 0. A case that was asked for and has
 * no outcome counts as failed: silence is no pass. So does an exact cost on which engines
 * disagree and, with `strict`, a case that its engine does not support.
 */
export function verdictOf(
  model: ReportModel,
  { strict = false }: { readonly strict?: boolean } = {},
): Verdict {
  const states = new Set(model.outcomes.map((outcome) => outcome.state));
  if (model.run.state === "interrupted") return 130;
  if (model.variants.some((variant) => variant.build.state === "failed")) return 3;
  if (model.failures.length > 0 || states.has("missing") || states.has("not-run")) return 5;
  if (strict && states.has("unsupported")) return 5;
  if (model.costs.some(({ disagreement }) => disagreement !== undefined)) return 5;
  const over = model.budget.checks.filter((check) => check.over);
  if (over.some(({ kind }) => kind !== "slower")) return 6;
  if (over.length > 0) return 7;
  return 0;
}
