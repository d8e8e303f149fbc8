/** A section of the report as data: what it says, which every format shows in its own way. */
import type { Chart } from "../chart/chart.ts";

export interface Section {
  /** Of its anchor, and what links to it name. */
  readonly id: string;
  readonly title: string;
  /** What the index calls it, where the title is too long for that. */
  readonly shortTitle?: string;
  readonly parts: readonly Part[];
}

export type Part =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "heading"; readonly text: string; readonly code?: string }
  | TablePart
  | ChartsPart
  | FoldPart
  | ColumnsPart
  | ProblemPart
  | FactsPart
  | FiltersPart;

export interface TablePart {
  readonly kind: "table";
  readonly table: Table;
}

/** Side by side, with one key below them. Formats without pictures leave them out. */
export interface ChartsPart {
  readonly kind: "charts";
  readonly charts: readonly Chart[];
  readonly key: readonly KeyEntry[];
}

/** Folded away until it is asked for. */
export interface FoldPart {
  readonly kind: "fold";
  readonly title: string;
  readonly isCode?: boolean;
  /** What is in it, in few words. */
  readonly note?: string;
  readonly parts: readonly Part[];
}

/** Beside each other where there is room. */
export interface ColumnsPart {
  readonly kind: "columns";
  readonly columns: readonly (readonly Part[])[];
  /** Their tables have many columns of their own. */
  readonly isWide?: boolean;
}

/** Something that failed, and the command that repeats it. */
export interface ProblemPart {
  readonly kind: "problem";
  readonly what: string;
  readonly place: readonly Cell[];
  readonly title: string | undefined;
  readonly message: string;
  readonly repro: string;
  /** Commands that repeat the same elsewhere. */
  readonly others: readonly string[];
}

export interface FactsPart {
  readonly kind: "facts";
  readonly facts: readonly (readonly [name: string, value: string])[];
}

/** Choices by which the rows and cells of the section's tables are shown, by their `data`. */
export interface FiltersPart {
  readonly kind: "filters";
  readonly choices: readonly {
    readonly name: string;
    readonly label: string;
    readonly values: readonly { readonly value: string; readonly word: string }[];
  }[];
}

export interface Table {
  /** What a screen reader calls it, and a fold around it. */
  readonly label: string;
  readonly caption?: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** Of a long table, those that are seen at once; all others are folded below them. */
  readonly openRows?: number;
}

export interface Column {
  readonly title: string;
  /** Figures stand to the right, digit under digit. */
  readonly isFigure?: boolean;
  /** Only where there is room for many columns. */
  readonly isDetail?: boolean;
  readonly data?: Data;
}

export interface Row {
  readonly cells: readonly Cell[];
  readonly data?: Data;
}

/** By which filters find a row or a cell; names in lower case, words joined by "-". */
export type Data = Readonly<Record<string, string>>;

export type Tone = "good" | "bad" | "notice" | "quiet" | "part" | "grew" | "shrank";

export interface Cell {
  readonly text: string;
  /** code: a name as it is typed; repeated: the row above has the same. */
  readonly look?: "code" | "strong" | "repeated";
  readonly tone?: Tone;
  /** Belongs to the text, and stands behind it where there is room: "+0.42 %". */
  readonly aside?: string;
  /** What explains it to those who ask; it may be left out. */
  readonly note?: string;
  /** The beginning of the text that the table's caption says already. */
  readonly prefix?: string;
  /** From 0 to 1: how much of the largest figure of its column it is. */
  readonly share?: number;
  /** More of the same, folded away. */
  readonly details?: readonly string[];
  /** The whole cell has its tone's colour, as in a matrix of states. */
  readonly isState?: boolean;
  readonly data?: Data;
}

export interface KeyEntry {
  readonly text: string;
  readonly mark: "dot" | "hollow" | "tick";
  /** A colour of the style sheet. */
  readonly color?: string;
}

export function textPart(text: string): Part {
  return { kind: "text", text };
}

export function tablePart(table: Table): Part {
  return { kind: "table", table };
}

/** Nothing, where there are no charts. */
export function chartsPart(charts: readonly Chart[], key: readonly KeyEntry[] = []): Part[] {
  return charts.length === 0 ? [] : [{ kind: "charts", charts, key }];
}

/** Columns from their titles: words on the left, figures on the right. */
export function columnsOf({
  words,
  figures,
}: {
  readonly words: readonly string[];
  readonly figures: readonly string[];
}): readonly Column[] {
  return [...words.map((title) => ({ title })), ...figures.map(figureColumn)];
}

export function figureColumn(title: string): Column {
  return { title, isFigure: true };
}
