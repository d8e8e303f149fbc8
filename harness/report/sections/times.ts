/** The section on time: verdicts with their intervals, of each subject and workload. */
import type { Chart } from "../chart/chart.ts";
import { type RowPoint, type RowTone, rowChart, tonesKey } from "../chart/rows.ts";
import { formatPlural } from "../format.ts";
import type { ReportModel } from "../schema.ts";
import type { TimedSubject, TimeVerdict, Workload } from "../schema-figures.ts";
import {
  code,
  count,
  duration,
  empty,
  interval,
  once,
  ratio,
  row,
  words,
} from "../section/cells.ts";
import {
  type Cell,
  type Column,
  chartsPart,
  figureColumn,
  type Part,
  type Section,
  tablePart,
  textPart,
} from "../section/section.ts";

const tones: Readonly<Record<TimeVerdict["verdict"], RowTone>> = {
  faster: "good",
  slower: "bad",
  equal: "even",
  undecided: "open",
};

export function timesSection({ workloads }: ReportModel): Section | undefined {
  if (workloads.length === 0) return undefined;
  const base = workloads[0]?.subjects[0]?.subject ?? "";
  const charts = [
    ...forests({ workloads, heading: "beside what it was", read: ({ change }) => change }),
    ...forests({
      workloads,
      heading: `/ ${base}`,
      read: ({ role, comparison }) => (role === "peer" ? undefined : comparison),
    }),
  ];
  return {
    id: "workloads",
    title: "Times",
    parts: [
      textPart(
        "Measured side by side, round by round, in several processes. A ratio above 1 is slower; " +
          "the interval holds it with 95 %. No verdict is given on less than the noise of one " +
          "wasm under two names (A/A), nor on what still moved.",
      ),
      ...chartsPart(
        charts,
        tonesKey({ good: "faster", bad: "slower", even: "equal", open: "undecided" }),
      ),
      {
        kind: "fold",
        title: formatPlural(workloads.length, "workload"),
        note: "medians, ratios, verdicts",
        parts: [timesTable(workloads)],
      },
    ],
  };
}

/** One chart for each subject that has such a verdict, a row for each workload. */
function forests({
  workloads,
  heading,
  read,
}: {
  readonly workloads: readonly Workload[];
  readonly heading: string;
  readonly read: (subject: TimedSubject) => TimeVerdict | undefined;
}): readonly Chart[] {
  const points = workloads.flatMap(({ workload, subjects }) =>
    subjects.flatMap((subject) => {
      const verdict = read(subject);
      return verdict === undefined
        ? []
        : [{ subject: subject.subject, ...pointOf(workload, verdict) }];
    }),
  );
  return [...Map.groupBy(points, ({ subject }) => subject)].map(([title, ofSubject]) =>
    rowChart({
      title,
      isCode: true,
      caption: `Time of ${title} ${heading}, by workload; the table below has the figures.`,
      points: ofSubject,
      line: 1,
      heading,
    }),
  );
}

function pointOf(workload: string, { ratio: value, low, high, verdict }: TimeVerdict): RowPoint {
  const ends = low === undefined || high === undefined ? {} : { low, high };
  return { row: workload, value, ...ends, tone: tones[verdict] };
}

function timesTable(workloads: readonly Workload[]): Part {
  return tablePart({
    label: "Times",
    columns: [
      { title: "Workload" },
      { title: "Subject" },
      figureColumn("Median"),
      ...verdictColumns("To the first"),
      ...verdictColumns("To before"),
      figureColumn("Samples"),
      { title: "Engine" },
    ],
    rows: workloads.flatMap(({ workload, engine, subjects }) =>
      subjects.map((subject, index) =>
        row(
          once(workload, index > 0),
          code(subject.subject),
          duration(subject.medianMs),
          ...verdictCells(subject.comparison),
          ...verdictCells(subject.change),
          count(subject.samplesCount),
          words(engine),
        ),
      ),
    ),
  });
}

function verdictColumns(title: string): readonly Column[] {
  return [figureColumn(title), figureColumn("95 %"), { title: "Verdict" }];
}

function verdictCells(verdict: TimeVerdict | undefined): readonly Cell[] {
  if (verdict === undefined) return [empty, empty, empty];
  const cellTones = { faster: "shrank", slower: "bad", undecided: "quiet" } as const;
  const said: Cell = { text: verdictText(verdict), note: verdictNote(verdict) };
  const { verdict: word } = verdict;
  return [
    ratio(verdict.ratio),
    interval(verdict),
    word === "equal" ? said : { ...said, tone: cellTones[word] },
  ];
}

function verdictText({ verdict, equalWithinPercent }: TimeVerdict): string {
  const isBounded = verdict === "equal" && equalWithinPercent !== undefined;
  return isBounded ? `equal within ${equalWithinPercent.toFixed(1)} %` : verdict;
}

function verdictNote(verdict: TimeVerdict): string {
  const { against, noisePercent, driftPercent, processesApart, rounds, processes } = verdict;
  return [
    `beside ${against}`,
    `${formatPlural(rounds, "round")} in ${processes} ${processes === 1 ? "process" : "processes"}`,
    noisePercent === undefined ? "noise unknown" : `noise ${noisePercent.toFixed(2)} %`,
    ...(driftPercent === undefined ? [] : [`the ratio moved by ${driftPercent.toFixed(1)} %`]),
    ...(processesApart === undefined ? [] : [`processes far from all others: ${processesApart}`]),
  ].join("; ");
}
