/** The three questions of every report, answered in words: did it break, grow, slow down. */
import { budgetWords, overWords, sentence } from "./answer-words.ts";
import { formatChange, formatChangePercent, formatCount, formatPlural } from "./format.ts";
import type { Answer, Failure, ReportModel, ReportOutcome, Size, VariantReport } from "./schema.ts";
import { sizeIn } from "./sizes.ts";
import { slowed } from "./slowed.ts";

/** What the answers are drawn from. */
export type Findings = Pick<
  ReportModel,
  | "run"
  | "variants"
  | "outcomes"
  | "failures"
  | "missing"
  | "budget"
  | "baseline"
  | "workloads"
  | "costs"
  | "costTotals"
>;

export function answersOf(findings: Findings): ReportModel["answers"] {
  return { broke: broke(findings), grew: grew(findings), slowed: slowed(findings) };
}

function broke({ run, variants, outcomes, failures }: Findings): Answer {
  const failed = failures.filter((failure) => failure.state !== "build").length;
  const unbuilt = failures.length - failed;
  const count = (state: ReportOutcome["state"]) =>
    outcomes.filter((outcome) => outcome.state === state).length;
  const passed = count("pass");
  const absent = count("missing") + count("not-run");
  const figure = `${formatCount(passed)} of ${formatCount(outcomes.length)} passed`;
  const detail = sentence([
    `${formatPlural(outcomes.length, "outcome")} on ${formatPlural(variants.length, "variant")}`,
    ...part(count("unsupported"), "unsupported"),
    ...part(count("skipped"), "skipped"),
    ...part(absent, "without outcome"),
  ]);
  if (failures.length > 0) {
    const headline = [...failureWords(failures), ...(unbuilt > 0 ? [buildWords(unbuilt)] : [])];
    return { answer: "yes", tone: "bad", headline: `Yes: ${headline.join(", ")}.`, figure, detail };
  }
  if (absent > 0) {
    const why = run.state === "interrupted" ? "the run was interrupted" : "the run left them out";
    const headline = `Not known: ${formatPlural(absent, "case")} did not run; ${why}.`;
    return {
      answer: "unknown",
      tone: run.state === "interrupted" ? "notice" : "bad",
      headline,
      figure,
      detail,
    };
  }
  if (passed === 0) {
    const built = variants.filter((variant) => variant.build.state !== "none").length;
    const headline = `Not known: no case ran; ${formatPlural(built, "variant")} built.`;
    return { answer: "unknown", tone: "notice", headline, figure, detail };
  }
  return {
    answer: "no",
    tone: "good",
    headline: "No: every case that ran passed.",
    figure,
    detail,
  };
}

function failureWords(failures: readonly Failure[]): readonly string[] {
  const words = { fail: "failed", crash: "crashed", timeout: "timed out" } as const;
  return (["fail", "crash", "timeout"] as const).flatMap((state) => {
    const count = failures.filter((failure) => failure.state === state).length;
    return count === 0 ? [] : [`${formatPlural(count, "case")} ${words[state]}`];
  });
}

function buildWords(count: number): string {
  return `${formatPlural(count, "variant")} did not build`;
}

/** A raw size beside its baseline. */
interface Change {
  readonly variant: string;
  readonly bytes: number;
  readonly changeBytes: number;
  readonly changePercent: number;
}

function grew({ variants, budget, baseline }: Findings): Answer {
  const checks = budget.checks.filter(({ unit }) => unit === "bytes");
  const over = checks.filter((check) => check.over);
  const changes = variants.flatMap((variant) => changeOf(variant));
  const largest = changes.toSorted((a, b) => b.changeBytes - a.changeBytes)[0];
  const figure = largest === undefined ? smallestFigure(variants) : changeFigure(changes);
  const detail = sentence([comparedWords({ changes, baseline, variants }), budgetWords(checks)]);
  const first = over[0];
  if (first !== undefined) {
    const count = over.length === 1 ? "1 figure is" : `${formatCount(over.length)} figures are`;
    const headline = `Yes: ${count} over budget.`;
    return {
      answer: "yes",
      tone: "bad",
      headline,
      figure,
      detail: `${overWords(first)}. ${detail}`,
    };
  }
  if (variants.every((variant) => sizeIn(variant, "raw") === undefined)) {
    return {
      answer: "unknown",
      tone: "notice",
      headline: "Not known: no size was measured.",
      figure,
      detail,
    };
  }
  if (largest === undefined) {
    const headline = "Not known: there is no baseline to compare with.";
    return { answer: "unknown", tone: "notice", headline, figure, detail };
  }
  if (largest.changeBytes > 0) {
    const most = `${largest.variant} most, by ${formatCount(largest.changeBytes)} bytes`;
    const headline = `Yes, within budget: ${most}.`;
    return { answer: "yes", tone: "notice", headline, figure, detail };
  }
  const shrank = changes.some((change) => change.changeBytes < 0);
  const headline = shrank
    ? "No: nothing grew, and some shrank."
    : "No: every size is the baseline's.";
  return { answer: "no", tone: "good", headline, figure, detail };
}

function changeOf(variant: VariantReport): readonly Change[] {
  const raw: Size | undefined = sizeIn(variant, "raw");
  if (raw?.changeBytes === undefined) return [];
  const { bytes, changeBytes, changePercent = 0 } = raw;
  return [{ variant: variant.variant, bytes, changeBytes, changePercent }];
}

/** The change that is furthest from nothing, growth before shrinking. */
function changeFigure(changes: readonly Change[]): string {
  const growth = Math.max(...changes.map((change) => change.changePercent));
  const least = Math.min(...changes.map((change) => change.changePercent));
  return `${formatChangePercent(growth > 0 ? growth : least)} raw`;
}

function smallestFigure(variants: readonly VariantReport[]): string {
  const sizes = variants.flatMap((variant) => sizeIn(variant, "raw")?.bytes ?? []);
  return sizes.length === 0 ? "no size" : `${formatCount(Math.min(...sizes))} bytes, the smallest`;
}

function comparedWords({
  changes,
  baseline,
  variants,
}: {
  readonly changes: readonly Change[];
  readonly baseline: ReportModel["baseline"];
  readonly variants: readonly VariantReport[];
}): string {
  if (baseline.length === 0) return "no baseline";
  const grown = changes.filter((change) => change.changeBytes > 0).length;
  const shrunk = changes.filter((change) => change.changeBytes < 0).length;
  const total = changes.reduce((sum, change) => sum + change.changeBytes, 0);
  const measured = variants.filter((variant) => sizeIn(variant, "raw") !== undefined).length;
  const unknown = measured - changes.length;
  const same = changes.length - grown - shrunk;
  return [
    `${formatCount(grown)} grew, ${formatCount(shrunk)} shrank, ${formatCount(same)} same`,
    ...(grown + shrunk > 0 ? [` (${formatChange(total)} bytes over all)`] : []),
    ...(unknown > 0 ? [`; ${formatCount(unknown)} not in the baseline`] : []),
  ].join("");
}

function part(count: number, word: string): readonly string[] {
  return count === 0 ? [] : [`${formatCount(count)} ${word}`];
}
