/** The verdict: the exit code that a run's report stands for (DESIGN 10). */
import type { ReportModel } from "./schema.ts";

/** 1 and 2, our own error and wrong usage, never come from a report. */
export type Verdict = 0 | 3 | 5 | 6 | 130;

/**
 * The first that applies: 130 interrupted, 3 a build failed, 5 a case failed, 6 over budget, 0.
 * A case that was asked for and has no outcome counts as failed: silence is no pass. With `strict`,
 * so does one that its engine does not support. 7, slower, comes with timing verdicts.
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
  if (model.budget.checks.some((check) => check.over)) return 6;
  return 0;
}
