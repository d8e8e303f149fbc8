/** The section on an earlier run that was laid beside this one. */
import { formatCount, formatTime } from "../format.ts";
import type { ReportModel } from "../schema.ts";
import type { RunComparison } from "../schema-figures.ts";
import { code, row, words } from "../section/cells.ts";
import { columnsOf, type Part, type Section, tablePart, textPart } from "../section/section.ts";

/** report.json has them all. */
const casesShown = 400;
const casesOpen = 12;

export function comparisonSection({ comparison, run }: ReportModel): Section | undefined {
  if (comparison === undefined) return undefined;
  const { before } = comparison;
  const machine = before.sameMachine
    ? "Both are of one machine."
    : "They are of different machines, so that times don't compare.";
  const runs = { before, now: run };
  return {
    id: "comparison",
    title: "Beside the earlier run",
    parts: [
      textPart(
        `Sizes, exact costs and ledgers below stand beside those of the earlier run. ${machine}`,
      ),
      tablePart({
        label: "The two runs",
        columns: columnsOf({ words: ["Run", "Started", "Revision", "Command"], figures: [] }),
        rows: Object.entries(runs).map(([name, { startedAt, revision = "–", command }]) =>
          row(words(name), words(formatTime(startedAt)), words(revision), code(command)),
        ),
      }),
      textPart(turnWords(comparison)),
      ...changedTable(comparison),
    ],
  };
}

function turnWords(comparison: RunComparison): string {
  const { brokeCount, mendedCount, sameCount, onlyBeforeCount, onlyNowCount } = comparison;
  return (
    `Of the outcomes that both have, ${formatCount(brokeCount)} broke, ` +
    `${formatCount(mendedCount)} were mended and ${formatCount(sameCount)} are the same. ` +
    `${formatCount(onlyBeforeCount)} are of the earlier run only, ` +
    `${formatCount(onlyNowCount)} of this one.`
  );
}

function changedTable({ changed }: RunComparison): readonly Part[] {
  if (changed.length === 0) return [];
  const tones = { broke: "bad", mended: "shrank", other: "quiet" } as const;
  return [
    tablePart({
      label: "Outcomes with another state",
      columns: columnsOf({
        words: ["Case", "Variant", "Engine", "Before", "Now", "Turn"],
        figures: [],
      }),
      rows: changed.slice(0, casesShown).map(({ variant, engine, case: id, before, now, turn }) =>
        row(code(id), code(variant), words(engine), words(before), words(now), {
          text: turn,
          tone: tones[turn],
        }),
      ),
      openRows: casesOpen,
    }),
  ];
}
