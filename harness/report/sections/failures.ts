/** The sections on what went wrong: failures with their commands, and outcomes that are missing. */
import { type FailureGroup, groupFailures } from "../failures.ts";
import { formatPlural } from "../format.ts";
import type { ReportModel } from "../schema.ts";
import { code, count, row, words } from "../section/cells.ts";
import {
  type Column,
  type ProblemPart,
  type Section,
  tablePart,
  textPart,
} from "../section/section.ts";

/** Problems shown in full; junit.xml and report.json have them all. */
const problemsShown = 100;

export function failuresSection({ failures }: ReportModel): Section | undefined {
  if (failures.length === 0) return undefined;
  const groups = groupFailures(failures);
  const rest = groups.length - problemsShown;
  return {
    id: "failures",
    title: "What failed",
    parts: [
      ...groups.slice(0, problemsShown).map(problem),
      ...(rest > 0
        ? [textPart(`And ${formatPlural(rest, "more problem")}: see report.json.`)]
        : []),
    ],
  };
}

function problem({ first, all }: FailureGroup): ProblemPart {
  const { state, variant, engine = "", title, message, repro } = first;
  return {
    kind: "problem",
    what: state === "build" ? "build failed" : state,
    place:
      first.case === undefined
        ? [code(variant)]
        : [code(first.case), words(`in ${engine}, on`), code(variant)],
    title,
    message,
    repro,
    others: all.slice(1).map((failure) => failure.repro),
  };
}

export function missingSection({ missing }: ReportModel): Section | undefined {
  if (missing.length === 0) return undefined;
  const columns: readonly Column[] = [
    { title: "Variant" },
    { title: "Engine" },
    { title: "Suite" },
    { title: "Cases", isFigure: true },
    { title: "Because" },
  ];
  return {
    id: "missing",
    title: "What is missing",
    shortTitle: "Missing",
    parts: [
      textPart("These cells were asked for; the cases counted here have no outcome."),
      tablePart({
        label: "Missing outcomes",
        columns,
        rows: missing.map(({ variant, engine, suite, cases, reason }) =>
          row(code(variant), words(engine), words(suite), count(cases.length), words(reason)),
        ),
      }),
    ],
  };
}
