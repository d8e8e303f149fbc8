/** The third question: did it get slower? By exact cost first, for it can't be wrong; then time. */
import { budgetWords, overWords, sentence } from "./answer-words.ts";
import { formatChangePercent, formatCount, formatPlural, formatRatio } from "./format.ts";
import type { Answer, ReportModel } from "./schema.ts";
import type { CostReport, TimedSubject, TimeVerdict } from "./schema-figures.ts";

type Findings = Pick<ReportModel, "workloads" | "costs" | "costTotals" | "budget">;

/** A core's time beside what it was. */
interface TimeChange {
  readonly workload: string;
  readonly subject: string;
  readonly change: TimeVerdict;
}

export function slowed(findings: Findings): Answer {
  const { workloads, costs, costTotals, budget } = findings;
  const checks = budget.checks.filter(({ unit }) => unit !== "bytes");
  const over = checks.filter((check) => check.over);
  const changes = timeChanges(findings);
  const slower = changes.filter(({ change }) => change.verdict === "slower");
  const counted = costs.filter((cost) => cost.changeInstructions !== undefined);
  const first = over.slice(0, 1).map((check) => `${overWords(check)}. `);
  const detail = sentence([
    costWords({ costs, counted }),
    timeWords({ workloads, changes }),
    ...(checks.length === 0 ? [] : [budgetWords(checks)]),
  ]);
  const answer = {
    figure: figureOf({ costTotals, changes, workloads, costs }),
    detail: `${first.join("")}${detail}`,
  };
  if (over.length > 0) {
    const count = over.length === 1 ? "1 figure is" : `${formatCount(over.length)} figures are`;
    return { answer: "yes", tone: "bad", headline: `Yes: ${count} over budget.`, ...answer };
  }
  const worst = worstCost(counted);
  if (worst !== undefined || slower.length > 0) {
    const parts = [
      ...slower.slice(0, 1).map(slowerWords),
      ...(worst === undefined ? [] : [riseWords(worst)]),
    ];
    const headline = `Yes, within budget: ${parts.join("; ")}.`;
    return { answer: "yes", tone: "notice", headline, ...answer };
  }
  if (counted.length === 0 && changes.length === 0) return unjudged(findings, answer);
  const sure = changes.every(({ change }) => change.verdict !== "undecided");
  const times = changes.length === 0 ? "" : sure ? ", and no time" : ", and no time surely";
  const headline =
    counted.length === 0
      ? "No: nothing is surely slower than it was."
      : `No: no exact cost rose${times}.`;
  return { answer: "no", tone: "good", headline, ...answer };
}

function unjudged(
  { workloads, costs }: Findings,
  answer: Pick<Answer, "figure" | "detail">,
): Answer {
  if (workloads.length === 0 && costs.length === 0) {
    return {
      ...{ answer: "unknown", tone: "notice", headline: "Not measured in this run." },
      ...{ figure: "no timing", detail: "Times are taken by npm run bench." },
    };
  }
  const headline = "Measured, not judged: there is no earlier run to compare with.";
  return { answer: "unknown", tone: "notice", headline, ...answer };
}

function timeChanges({ workloads }: Findings): readonly TimeChange[] {
  return workloads.flatMap(({ workload, subjects }) =>
    subjects.flatMap(({ subject, change }: TimedSubject) =>
      change === undefined ? [] : [{ workload, subject, change }],
    ),
  );
}

function worstCost(costs: readonly CostReport[]): CostReport | undefined {
  const risen = costs.filter(({ changeInstructions = 0 }) => changeInstructions > 0);
  return risen.toSorted((a, b) => (b.changePercent ?? 0) - (a.changePercent ?? 0))[0];
}

function riseWords({ variant, workload, changePercent = 0 }: CostReport): string {
  return `${workload} executes ${formatChangePercent(changePercent)} on ${variant}`;
}

function slowerWords({ workload, subject, change }: TimeChange): string {
  return `${workload} takes ${formatRatio(change.ratio)} its time on ${subject}`;
}

/** The change of exact cost where there is one; else of time; else what was measured. */
function figureOf({
  costTotals,
  changes,
  workloads,
  costs,
}: Pick<Findings, "costTotals" | "workloads" | "costs"> & {
  readonly changes: readonly TimeChange[];
}): string {
  const percents = costTotals.flatMap(({ changePercent }) => changePercent ?? []);
  if (percents.length > 0) {
    const furthest = percents.toSorted((a, b) => b - a);
    const most = furthest[0] ?? 0;
    const shown = most > 0 ? most : (furthest.at(-1) ?? 0);
    return `${formatChangePercent(shown)} instructions`;
  }
  const ratios = changes.map(({ change }) => change.ratio);
  if (ratios.length > 0) return `${formatRatio(Math.max(...ratios))} time at most`;
  if (workloads.length > 0) return formatPlural(workloads.length, "workload");
  return formatPlural(costs.length, "exact cost");
}

function costWords({
  costs,
  counted,
}: {
  readonly costs: readonly CostReport[];
  readonly counted: readonly CostReport[];
}): string {
  if (costs.length === 0) return "no exact cost was counted";
  if (counted.length === 0) return `${formatPlural(costs.length, "exact cost")}, no baseline`;
  const rose = counted.filter(({ changeInstructions = 0 }) => changeInstructions > 0).length;
  const fell = counted.filter(({ changeInstructions = 0 }) => changeInstructions < 0).length;
  const same = counted.length - rose - fell;
  const words = `${formatCount(rose)} rose, ${formatCount(fell)} fell, ${formatCount(same)} same`;
  return `exact costs: ${words}`;
}

function timeWords({
  workloads,
  changes,
}: Pick<Findings, "workloads"> & { readonly changes: readonly TimeChange[] }): string {
  if (workloads.length === 0) return "no times";
  const subjects = new Set(workloads.flatMap((one) => one.subjects.map(({ subject }) => subject)));
  if (changes.length === 0) {
    const sides = formatPlural(subjects.size, "subject");
    return `times of ${sides} side by side, none from before`;
  }
  const words = (["slower", "faster", "equal", "undecided"] as const).flatMap((verdict) => {
    const count = changes.filter(({ change }) => change.verdict === verdict).length;
    return count === 0 ? [] : [`${formatCount(count)} ${verdict}`];
  });
  return `times: ${words.join(", ")}`;
}
