/** A section as Markdown: tables and folds, without charts and without columns of details. */
import { formatPlural } from "../format.ts";
import type { Cell, Part, ProblemPart, Section, Table } from "../section/section.ts";
import { cell, code, fence, fold, table } from "./text.ts";

/** A longer table is folded away. */
const rowsOpen = 8;
/** Problems shown in full; the others are counted, and stand in report.html. */
const problemsShown = 30;

export function sectionMarkdown({ title, parts }: Section): string {
  const problems = parts.filter(({ kind }) => kind === "problem");
  const hidden = new Set(problems.slice(problemsShown));
  const shown = parts.filter((part) => !hidden.has(part));
  const more =
    hidden.size > 0
      ? `\n_And ${formatPlural(hidden.size, "more problem")}: see report.html._\n`
      : "";
  return `## ${cell(title)}\n\n${partsMarkdown(shown, false)}${more}`;
}

function partsMarkdown(parts: readonly Part[], isFolded: boolean): string {
  return parts
    .map((part) => partMarkdown(part, isFolded))
    .filter((text) => text !== "")
    .join("\n");
}

/** `isFolded`: it lies in a fold already. */
function partMarkdown(part: Part, isFolded: boolean): string {
  switch (part.kind) {
    case "text":
      return `${cell(part.text)}\n`;
    case "heading":
      return `### ${part.code === undefined ? "" : `${code(part.code)}: `}${cell(part.text)}\n`;
    case "table":
      return tableMarkdown(part.table, isFolded);
    case "fold": {
      const body = partsMarkdown(part.parts, true);
      const note = part.note === undefined ? "" : ` (${part.note})`;
      return body === "" ? "" : fold(`${part.title}${note}`, body);
    }
    case "columns":
      return partsMarkdown(part.columns.flat(), isFolded);
    case "problem":
      return problemMarkdown(part);
    case "facts":
      return part.facts.map(([name, value]) => `- ${cell(name)}: ${cell(value)}\n`).join("");
    case "charts":
    case "filters":
      return "";
  }
}

function tableMarkdown({ label, caption, columns, rows }: Table, isFolded: boolean): string {
  const places = columns.flatMap(({ isDetail = false }, place) => (isDetail ? [] : [place]));
  // What is left of a table of details is no table.
  if (places.length < 2 || rows.length === 0) return "";
  const kept = places.map((place) => columns[place]);
  const body = table({
    head: kept.map((column) => cell(column?.title ?? "")),
    rows: rows.map(({ cells }) => places.map((place) => cellMarkdown(cells[place]))),
    right: kept.flatMap((column, place) => (column?.isFigure === true ? [place] : [])),
  });
  if (!isFolded && rows.length > rowsOpen) {
    return fold(`${caption ?? label} (${rows.length})`, body);
  }
  return caption === undefined ? body : `**${cell(caption)}**\n\n${body}`;
}

function cellMarkdown(of: Cell | undefined): string {
  if (of === undefined || of.text === "") return "";
  const { text, look, aside } = of;
  const behind = aside === undefined ? "" : ` (${cell(aside)})`;
  if (look === "code") return `${code(text)}${behind}`;
  return look === "strong" ? `**${cell(text)}**${behind}` : `${cell(text)}${behind}`;
}

function problemMarkdown({ what, place, title, message, repro, others }: ProblemPart): string {
  const list = others.map((command) => `- ${code(command)}\n`).join("");
  return [
    `### ${cell(what)}: ${place.map(cellMarkdown).join(" ")}\n`,
    ...(title === undefined ? [] : [`${cell(title)}\n`]),
    fence(message),
    `Repeat: ${code(repro)}\n`,
    ...(others.length === 0
      ? []
      : [fold(`The same in ${formatPlural(others.length, "other outcome")}`, list)]),
  ].join("\n");
}
