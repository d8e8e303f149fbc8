/** What `npm run bench` prints: per workload the base and every other subject, with its verdict. */
import type { TimingRecord } from "../../harness/record/record.ts";
import { empty, row, words } from "../../harness/report/section/cells.ts";
import type { Row } from "../../harness/report/section/section.ts";
import { terminalTable } from "../../harness/report/terminal/table.ts";
import { type MeanRatio, meanRatio } from "../../harness/statistics/mean-ratio.ts";
import type { Verdict } from "../../harness/statistics/verdict.ts";
import {
  type SubjectVerdict,
  verdictsOf,
  type WorkloadVerdicts,
} from "../../harness/statistics/verdicts.ts";

export interface BenchResult {
  readonly records: readonly TimingRecord[];
  readonly precisionPercent: number;
  /** Names of the workloads over which the subjects' geometric means are taken. */
  readonly classic: readonly string[];
  readonly unsupported: readonly Unsupported[];
  /** Workloads whose times still moved when they were to count, and in how many processes. */
  readonly unsettled: ReadonlyMap<string, number>;
  /** Why a workload has no figure: a wrong result, or a process that died over it. */
  readonly wrong: readonly string[];
}

export interface Unsupported {
  readonly workload: string;
  readonly subject: string;
  readonly reason: string;
}

export function benchTable(result: BenchResult): string {
  const verdicts = verdictsOf(result.records, result.precisionPercent);
  const rows = verdicts.flatMap(({ workload, base, subjects }) => [
    row(words(workload), words(base.subject), words(formatMs(base.medianMs)), words("1")),
    ...subjects.map(subjectRow),
  ]);
  const means = meansOf(result).map(([subject, mean]) =>
    row(
      words(`mean of ${mean.workloads}`),
      words(subject),
      empty,
      words(mean.ratio.toFixed(3)),
      words(interval(mean)),
      words("classic workloads"),
    ),
  );
  const lines = terminalTable({
    columns: [
      { title: "workload" },
      { title: "subject" },
      { title: "median", isFigure: true },
      { title: "ratio", isFigure: true },
      { title: "95 % interval" },
      { title: "verdict" },
    ],
    rows: [...rows, ...means],
  });
  return `${[...lines, "", ...notesOf(result, verdicts)].join("\n")}\n`;
}

function subjectRow({ subject, medianMs, isTwin, verdict }: SubjectVerdict): Row {
  const said = isTwin ? `noise ${percentText(verdict.noisePercent)}` : verdictText(verdict);
  const { processesApart } = verdict;
  const apart = processesApart === undefined ? "" : `, processes apart: ${processesApart}`;
  const drift =
    verdict.driftPercent === undefined ? "" : `, moved ${percentText(verdict.driftPercent)}`;
  return row(
    empty,
    words(subject),
    words(formatMs(medianMs)),
    words(verdict.ratio.toFixed(3)),
    words(interval(verdict)),
    words(said + drift + apart),
  );
}

function verdictText({ verdict, equalWithinPercent }: Verdict): string {
  return verdict === "equal" ? `equal within ${percentText(equalWithinPercent)}` : verdict;
}

function interval({ low, high }: { readonly low: number; readonly high: number }): string {
  return high === Number.POSITIVE_INFINITY ? "none" : `${low.toFixed(3)} to ${high.toFixed(3)}`;
}

function percentText(percent: number): string {
  return Number.isFinite(percent) ? `${percent.toPrecision(2)} %` : "unknown";
}

/** 1234.5 → "1235 ms", 0.0123 → "0.0123 ms": three digits that count. */
export function formatMs(durationMs: number): string {
  if (durationMs >= 100) return `${Math.round(durationMs)} ms`;
  return `${durationMs.toPrecision(3)} ms`;
}

/** By subject: every one but base and twin, over the classic workloads that it was timed on. */
function meansOf({ records, classic }: BenchResult): readonly (readonly [string, MeanRatio])[] {
  const byWorkload = Map.groupBy(
    records.filter(({ workload }) => classic.includes(workload)),
    ({ workload }) => workload,
  );
  const verdicts = verdictsOf(records);
  const base = verdicts[0]?.base.subject;
  const others = new Set(
    verdicts.flatMap(({ subjects }) =>
      subjects.filter(({ isTwin }) => !isTwin).map(({ subject }) => subject),
    ),
  );
  return [...others].flatMap((name) => {
    const pairs = [...byWorkload.values()].flatMap((group) => {
      const ofBase = group.find(({ variant }) => variant === base);
      const subject = group.find(({ variant }) => variant === name);
      return ofBase === undefined || subject === undefined ? [] : [{ base: ofBase, subject }];
    });
    const mean = meanRatio(pairs);
    return mean === undefined ? [] : [[name, mean] as const];
  });
}

function notesOf(result: BenchResult, verdicts: readonly WorkloadVerdicts[]): readonly string[] {
  const reasons = Map.groupBy(
    result.unsupported,
    ({ subject, reason }) => `unsupported, ${subject}: ${reason}`,
  );
  return [
    "Ratio: time beside the first subject's, paired by round; above 1 is slower. The verdict",
    "stands on a 99.5 % interval, and on the noise: what the first subject differs from itself",
    "(A/A) at most.",
    ...[...reasons].map(
      ([why, group]) => `${why} (${group.map(({ workload }) => workload).join(", ")})`,
    ),
    ...result.wrong.map((message) => `not timed: ${message}`),
    ...[...result.unsettled].flatMap(unsettledNote(result.records)),
    ...verdicts.flatMap(autocorrelationNote),
  ];
}

/** The check raises a false alarm in some processes: what is so in half of them is no chance. */
function unsettledNote(records: readonly TimingRecord[]) {
  return ([workload, unsettled]: readonly [string, number]): readonly string[] => {
    const rounds = records.find((record) => record.workload === workload)?.rounds ?? [];
    const processes = new Set(rounds.map(({ process }) => process)).size;
    if (unsettled < processes / 2) return [];
    return [
      `not settled: ${workload} still got faster in ${unsettled} of ${processes} processes when ` +
        "it counted: take a larger --budget",
    ];
  };
}

/** Rounds that follow each other closely make the interval of one process too narrow, not ours. */
function autocorrelationNote({ workload, subjects }: WorkloadVerdicts): readonly string[] {
  const most = Math.max(0, ...subjects.map(({ verdict }) => Math.abs(verdict.autocorrelation)));
  return most < autocorrelationMax
    ? []
    : [`${workload}: rounds depend on those before (${most.toFixed(2)})`];
}

/** Where two rounds say hardly more than one. */
const autocorrelationMax = 0.7;

export function benchJson(result: BenchResult): string {
  const verdicts = verdictsOf(result.records, result.precisionPercent);
  const samplesOf = (workload: string) =>
    result.records
      .filter((record) => record.workload === workload)
      .map(({ variant, samplesMs, rounds, warmUpRounds, resolutionMs }) => ({
        ...{ subject: variant, samplesMs, rounds, warmUpRounds, resolutionMs },
      }));
  const workloads = verdicts.map((each) => ({ ...each, samples: samplesOf(each.workload) }));
  const means = meansOf(result).map(([subject, mean]) => ({ subject, ...mean }));
  const { unsupported, unsettled, wrong } = result;
  const shown = { workloads, means, unsupported, unsettled: Object.fromEntries(unsettled), wrong };
  return `${JSON.stringify(shown, undefined, 2)}\n`;
}
