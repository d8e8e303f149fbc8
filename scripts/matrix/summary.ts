/** The summary of a run: the verdict first, then failures, sizes, and where to read on. */
import {
  formatChangePercent,
  formatCount,
  formatInterval,
  formatPlural,
  formatRatio,
} from "../../harness/report/format.ts";
import type { Answer, ReportModel } from "../../harness/report/schema.ts";
import { quickVariants } from "../../harness/variant/list.ts";
import { duration, firstLine } from "../progress/words.ts";

export interface SummarySources {
  readonly model: ReportModel;
  readonly notes: readonly string[];
  /** The report to open; undefined when none was written. */
  readonly reports: string | undefined;
  readonly colored: boolean;
}

/** The rest stands in the reports: a screen is not to be scrolled. */
const failuresShownMax = 10;

export function summaryText({ model, notes, reports, colored }: SummarySources): string {
  const { answers } = model;
  const sections = [
    [
      answerLine("broke?", answers.broke, colored),
      answerLine("grew?", answers.grew, colored),
      answerLine("slowed?", answers.slowed, colored),
    ],
    failureLines(model),
    sizeLines(model),
    peerLines(model),
    [
      ...model.warnings,
      ...notes,
      workLine(model),
      ...(reports === undefined ? [] : [`reports: ${reports}`]),
    ],
  ];
  const filled = sections.filter((lines) => lines.length > 0).map((lines) => lines.join("\n"));
  return `\n${filled.join("\n\n")}\n`;
}

const toneColors = { good: 32, notice: 33, bad: 31 } as const;

function answerLine(question: string, answer: Answer, colored: boolean): string {
  const headline = colored
    ? `\u001b[1;${toneColors[answer.tone]}m${answer.headline}\u001b[0m`
    : answer.headline;
  return `${question.padEnd(8)}${headline}  ${answer.detail}`.trimEnd();
}

/** Failures with the same words are one entry: one cause often has many effects. */
function failureLines({ failures, missing }: ReportModel): readonly string[] {
  const groups = [...Map.groupBy(failures, sameWords).values()];
  const shown = groups.slice(0, failuresShownMax).flatMap(([failure, ...alike]) => {
    if (failure === undefined) return [];
    const place = [failure.variant, failure.engine, failure.case]
      .filter((part) => part !== undefined)
      .join("/");
    const others = alike.length === 0 ? "" : ` and ${alike.length} more`;
    const message = firstLine(failure.message);
    return [`${failure.state} ${place}${others}: ${message}`, `  ${failure.repro}`];
  });
  const more = groups.length - failuresShownMax;
  return [
    ...shown,
    ...(more > 0 ? [`and ${more} other failures: all of them are in the reports`] : []),
    ...missing.map(({ variant, engine, suite, cases, reason }) => {
      return `missing ${variant}/${engine}/${suite}: ${cases.length} cases (${reason})`;
    }),
  ];
}

/** What follows the first line is a stack, or what a compiler adds. */
function sameWords({ state, message }: ReportModel["failures"][number]): string {
  return `${state} ${message.split("\n", 1)[0]}`;
}

/** The quick variants stand for the rest; of a run without them, the first few. */
function sizeLines({ variants, costTotals }: ReportModel): readonly string[] {
  const quick = new Set(quickVariants().map(({ id }) => id));
  const measured = variants.filter(({ sizes }) => sizes.length > 0);
  const chosen = measured.filter(({ variant }) => quick.has(variant));
  const rows = chosen.length > 0 ? chosen : measured.slice(0, 4);
  if (rows.length === 0) return [];
  const width = Math.max(...rows.map(({ variant }) => variant.length));
  return rows.map(({ variant, sizes }) => {
    const figures = sizes.map(({ metric, bytes, changeBytes }) => {
      const change =
        changeBytes === undefined || changeBytes === 0
          ? ""
          : ` (${changeBytes > 0 ? "+" : ""}${formatCount(changeBytes)})`;
      return `${metric} ${formatCount(bytes).padStart(9)}${change}`;
    });
    const total = costTotals.find((cost) => cost.variant === variant);
    const costs = total === undefined ? [] : [costWords(total)];
    return `${variant.padEnd(width)}  ${[...figures, ...costs].join("  ")}`;
  });
}

/** In thousands: the geometric mean of the workloads. */
function costWords({ geometricMean, changePercent }: ReportModel["costTotals"][number]): string {
  const change =
    changePercent === undefined || changePercent === 0
      ? ""
      : ` (${formatChangePercent(changePercent)})`;
  return `instructions ${formatCount(Math.round(geometricMean / 1000))} k${change}`;
}

/** How our first core stands to the other Luas of the run. */
function peerLines({ peers }: ReportModel): readonly string[] {
  const first = peers[0]?.core;
  return peers
    .filter(({ core }) => core === first)
    .map(({ core, peer, geometricMean, meanOfCount }) => {
      const interval = formatInterval(geometricMean);
      const speed = `${formatRatio(geometricMean.speed)} as fast as ${peer}`;
      const within = interval === "" ? "" : ` (${interval})`;
      return `${core}: ${speed}${within}, ${formatPlural(meanOfCount, "workload")}`;
    });
}

function workLine({ cache, time }: ReportModel): string {
  const wall = time.wallMs === undefined ? "" : ` in ${duration(time.wallMs)}`;
  return (
    `builds: ${cache.buildsCount} (${cache.buildsCachedCount} from the cache), ` +
    `outcomes: ${cache.outcomesCount} (${cache.outcomesReusedCount} reused)${wall}`
  );
}
