/** Cells of tables, each by what it holds: a name, a count, a change, a ratio, an interval. */
import {
  formatChange,
  formatChangePercent,
  formatCount,
  formatDuration,
  formatInterval,
  formatRatio,
} from "../format.ts";
import type { Cell, Row } from "./section.ts";

export const empty: Cell = { text: "" };

export function row(...cells: readonly Cell[]): Row {
  return { cells };
}

export function words(text: string): Cell {
  return { text };
}

/** A name as it is typed: a variant, a function, a command. */
export function code(text: string): Cell {
  return { text, look: "code" };
}

export function count(value: number): Cell {
  return { text: formatCount(value) };
}

export function duration(durationMs: number): Cell {
  return { text: formatDuration(durationMs) };
}

export function ratio(value: number): Cell {
  return { text: formatRatio(value) };
}

export function interval(ends: {
  readonly low?: number | undefined;
  readonly high?: number | undefined;
}): Cell {
  return { text: formatInterval(ends) };
}

export function strong(cell: Cell): Cell {
  return { ...cell, look: "strong" };
}

/** Of bytes or instructions against the baseline; undefined: it has none. */
export function change(value: number | undefined, percent?: number): Cell {
  if (value === undefined) return { text: "new", tone: "quiet" };
  if (value === 0) return { text: "0", tone: "quiet" };
  const cell: Cell = { text: formatChange(value), tone: value > 0 ? "grew" : "shrank" };
  return percent === undefined ? cell : { ...cell, aside: formatChangePercent(percent) };
}

/** Of a whole, with one digit behind the point. */
export function share(part: number, whole: number): Cell {
  return { text: `${((100 * part) / Math.max(1, whole)).toFixed(1)} %` };
}

/** A cell whose text is said once, above a group of rows. */
export function once(text: string, isRepeated: boolean): Cell {
  return isRepeated ? { text, look: "repeated" } : { text };
}
