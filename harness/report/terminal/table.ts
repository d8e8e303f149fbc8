/** A table as a terminal shows it: words on the left, figures on the right, no lines. */
import { formatCount } from "../format.ts";
import type { Cell, Table } from "../section/section.ts";

export interface TerminalTable extends Pick<Table, "columns" | "rows"> {
  /** So many rows; the others are counted. */
  readonly rowsShown?: number;
  /** What shows more of them. */
  readonly remedy?: string;
}

/** A line for the titles and for each row; none without rows. */
export function terminalTable(table: TerminalTable): readonly string[] {
  const { columns, rows, rowsShown = rows.length, remedy = "" } = table;
  if (rows.length === 0) return [];
  const titles = columns.map(({ title }) => title);
  const texts = [titles, ...rows.slice(0, rowsShown).map(({ cells }) => cells.map(textOf))];
  const widths = columns.map((_, place) => Math.max(...texts.map((row) => lengthAt(row, place))));
  const lines = texts.map((row) =>
    columns
      .map(({ isFigure = false }, place) => {
        const text = row[place] ?? "";
        const width = widths[place] ?? 0;
        return isFigure ? text.padStart(width) : text.padEnd(width);
      })
      .join("  ")
      .trimEnd(),
  );
  const hidden = rows.length - rowsShown;
  return hidden > 0 ? [...lines, `… ${formatCount(hidden)} more${remedy}`] : lines;
}

function textOf({ text, look, aside }: Cell): string {
  if (look === "repeated") return "";
  return aside === undefined ? text : `${text} (${aside})`;
}

function lengthAt(row: readonly string[], place: number): number {
  return row[place]?.length ?? 0;
}
