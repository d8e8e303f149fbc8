/** The parts of report.md on what was measured: contents, exact costs, times, peers, effects. */
import {
  formatChange,
  formatChangePercent,
  formatCount,
  formatDuration,
  formatFactor,
  formatInterval,
  formatPlural,
  formatRatio,
} from "./format.ts";
import { cell, code, fold, table } from "./markdown-text.ts";
import type { ReportModel } from "./schema.ts";
import type { LedgerReport, TimeVerdict } from "./schema-figures.ts";

/** More is for report.html: a step summary is read, not searched. */
const changesShown = 25;

/** What is not as large as in the baseline, and whose bytes the others are. */
export function contents({ ledgers }: ReportModel): string {
  if (ledgers.length === 0) return "";
  const folded = ledgers.map((ledger) => {
    const { variant, totalBytes, unaccountedBytes, groups } = ledger;
    const rows = groups.map(({ group, bytes, changeBytes }) => [
      ...[code(group), formatCount(bytes)],
      changeBytes === undefined ? "" : formatChange(changeBytes),
    ]);
    const body = table({ head: ["group", "bytes", "±"], rows, right: [1, 2] });
    const total = `${formatCount(totalBytes)} bytes, ${formatCount(unaccountedBytes)} unaccounted`;
    return fold(`${variant}: ${total}${changedWords(ledger)}`, `${body}${itemChanges(ledger)}`);
  });
  return `## Whose bytes\n\n${folded.join("\n")}`;
}

function changedWords({ baselineBytes, totalBytes, changesCount }: LedgerReport): string {
  if (baselineBytes === undefined || changesCount === 0) return "";
  const items = formatPlural(changesCount, "item");
  return `, ${formatChange(totalBytes - baselineBytes)} in ${items}`;
}

function itemChanges({ changes }: LedgerReport): string {
  if (changes.length === 0) return "";
  const rows = changes
    .slice(0, changesShown)
    .map(({ kind, name, group, state, ...sizes }) => [
      ...[cell(kind), code(name), cell(group), state],
      ...[formatCount(sizes.baselineBytes), formatCount(sizes.bytes)],
      formatChange(sizes.changeBytes),
    ]);
  const head = ["kind", "name", "group", "", "before", "now", "±"];
  return `\n${table({ head, rows, right: [4, 5, 6] })}`;
}

export function costs({ costTotals, costs, meterings }: ReportModel): string {
  if (costs.length === 0) return "";
  const totals = costTotals.map(({ variant, workloadsCount, geometricMean, changePercent }) => [
    ...[code(variant), formatCount(workloadsCount), formatCount(geometricMean)],
    changePercent === undefined ? "" : formatChangePercent(changePercent),
  ]);
  const head = ["variant", "workloads", "instructions, geometric mean", "±"];
  const changed = costs
    .filter(({ changeInstructions = 0 }) => changeInstructions !== 0)
    .toSorted((a, b) => Math.abs(b.changePercent ?? 0) - Math.abs(a.changePercent ?? 0))
    .slice(0, changesShown)
    .map(({ variant, workload, instructions, changeInstructions = 0, changePercent = 0 }) => [
      ...[code(variant), cell(workload), formatCount(instructions)],
      ...[formatChange(changeInstructions), formatChangePercent(changePercent)],
    ]);
  const changedHead = ["variant", "workload", "instructions", "±", "%"];
  const metered = meterings.map(({ variant, bytes, meteredBytes, timeRatio }) => [
    ...[code(variant), formatCount(bytes), formatCount(meteredBytes)],
    ...[formatRatio(meteredBytes / bytes), timeRatio === undefined ? "" : formatRatio(timeRatio)],
  ]);
  const meteredHead = ["variant", "bytes", "metered", "size", "time"];
  return [
    "## Exact cost\n",
    ...(changed.length === 0
      ? []
      : [table({ head: changedHead, rows: changed, right: [2, 3, 4] })]),
    fold(
      `Instructions of ${formatPlural(totals.length, "variant")}`,
      table({ head, rows: totals, right: [1, 2, 3] }),
    ),
    ...(metered.length === 0
      ? []
      : [
          fold(
            "What counting costs",
            table({ head: meteredHead, rows: metered, right: [1, 2, 3, 4] }),
          ),
        ]),
  ].join("\n");
}

export function times({ workloads }: ReportModel): string {
  if (workloads.length === 0) return "";
  const rows = workloads.flatMap(({ workload, engine, subjects }) =>
    subjects.map(({ subject, medianMs, samplesCount, comparison, change }) => [
      ...[cell(workload), cell(engine), code(subject), formatDuration(medianMs)],
      ...[...verdictCells(comparison), ...verdictCells(change), String(samplesCount)],
    ]),
  );
  const verdict = ["95 %", "verdict"];
  const head = ["workload", "engine", "subject", "median", "to the first", ...verdict];
  const body = table({
    head: [...head, "to before", ...verdict, "samples"],
    rows,
    right: [3, 4, 5, 7, 8, 10],
  });
  return `## Times\n\n${fold(`${formatPlural(workloads.length, "workload")} side by side`, body)}`;
}

function verdictCells(verdict: TimeVerdict | undefined): readonly string[] {
  if (verdict === undefined) return ["", "", ""];
  return [formatRatio(verdict.ratio), formatInterval(verdict), verdictText(verdict)];
}

function verdictText({ verdict, equalWithinPercent }: TimeVerdict): string {
  const within = verdict === "equal" && equalWithinPercent !== undefined;
  return within ? `equal within ${equalWithinPercent.toFixed(1)} %` : verdict;
}

export function peers({ peers }: ReportModel): string {
  if (peers.length === 0) return "";
  const rows = peers.map(({ peer, core, geometricMean, meanOfCount, workloads }) => {
    const slowest = workloads.toSorted((a, b) => a.speed - b.speed)[0];
    return [
      ...[code(core), cell(peer), formatRatio(geometricMean.speed), formatInterval(geometricMean)],
      String(meanOfCount),
      slowest === undefined ? "" : `${cell(slowest.workload)} ${formatRatio(slowest.speed)}`,
    ];
  });
  const head = ["ours", "peer", "speed, geometric mean", "95 %", "workloads", "least"];
  return `## Beside other Luas\n\n${table({ head, rows, right: [2, 3, 4] })}`;
}

export function effects({ effects, interactions }: ReportModel): string {
  if (effects.length === 0) return "";
  const rows = effects.map((effect) => [
    ...[cell(effect.metric), cell(effect.axis), cell(`${effect.value} beside ${effect.against}`)],
    ...[formatFactor(effect.ratio), formatInterval(effect)],
    ...[formatFactor(effect.least), formatFactor(effect.most), String(effect.pairsCount)],
  ]);
  const head = ["figure", "axis", "value", "mean", "95 %", "least", "most", "pairs"];
  const together = interactions.map(({ metric, axes, ratio, least, most }) => [
    ...[cell(metric), axes.map(({ axis, value }) => cell(`${axis}=${value}`)).join(" with ")],
    ...[formatFactor(ratio), formatFactor(least), formatFactor(most)],
  ]);
  const folded =
    together.length === 0
      ? ""
      : fold(
          "Where two values together are not what each one is",
          table({
            head: ["figure", "together", "beyond both", "least", "most"],
            rows: together,
            right: [2, 3, 4],
          }),
        );
  const body = table({ head, rows, right: [3, 4, 5, 6, 7] });
  return `## What each axis costs\n\n${fold("Effects", body)}\n${folded}`;
}

export function history({ history }: ReportModel): string {
  if (history.length === 0) return "";
  const rows = history.map(({ metric, variant, points }) => {
    const [first, last] = [points[0]?.value ?? 0, points.at(-1)?.value ?? 0];
    return [
      ...[cell(metric), code(variant), String(points.length), formatCount(first)],
      ...[formatCount(last), first === 0 ? "" : formatChangePercent(100 * (last / first - 1))],
    ];
  });
  const head = ["figure", "variant", "runs", "first", "last", "±"];
  return `## History\n\n${fold("Saved runs", table({ head, rows, right: [2, 3, 4, 5] }))}`;
}
