/** The part of report.md that lays two saved runs side by side. */
import { formatCount, formatPlural, formatTime } from "./format.ts";
import { cell, code, fold, table } from "./markdown-text.ts";
import type { ReportModel } from "./schema.ts";

/** report.json has them all. */
const casesShown = 200;

export function comparedRuns({ comparison, run }: ReportModel): string {
  if (comparison === undefined) return "";
  const { before, changed, brokeCount, mendedCount, sameCount } = comparison;
  const { onlyBeforeCount, onlyNowCount } = comparison;
  const runs = table({
    head: ["", "started", "revision", "command"],
    rows: [
      ["before", formatTime(before.startedAt), code(before.revision ?? "–"), code(before.command)],
      ["now", formatTime(run.startedAt), code(run.revision ?? "–"), code(run.command)],
    ],
  });
  const machine = before.sameMachine
    ? "Both runs are of one machine."
    : "The runs are of different machines: times are not compared.";
  const counts =
    `${formatPlural(brokeCount, "outcome")} broke, ${formatCount(mendedCount)} mended, ` +
    `${formatCount(sameCount)} the same; only before: ${formatCount(onlyBeforeCount)}, ` +
    `only now: ${formatCount(onlyNowCount)}.`;
  const rows = changed
    .slice(0, casesShown)
    .map((one) => [
      ...[code(one.variant), cell(one.engine), code(one.case)],
      ...[one.before, one.now, one.turn],
    ]);
  const list =
    rows.length === 0
      ? ""
      : fold(
          `${formatPlural(changed.length, "outcome")} with another state`,
          table({ head: ["variant", "engine", "case", "before", "now", ""], rows }),
        );
  return `## Beside the earlier run\n\n${runs}\n${machine} ${counts}\n\n${list}`;
}
