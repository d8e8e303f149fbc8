/** Charts of rows: a mark and an interval each, around a line; for ratios, effects and changes. */
import type { TopLevelSpec } from "vega-lite";
import { type Chart, chartConfig, plotWidth } from "./chart.ts";

/** What a mark says; its colour follows. */
export type RowTone = "good" | "bad" | "even" | "open";

export interface RowPoint {
  readonly row: string;
  readonly value: number;
  /** The ends of the interval; a bar from the line on where there is none. */
  readonly low?: number;
  readonly high?: number;
  readonly tone: RowTone;
}

const rowHeight = 17;
/** What a letter takes in the charts' print; Vega, without a canvas, overestimates it. */
const letterWidth = 6;
const labelWidthMin = 84;
const labelWidthMax = 190;
const tones: Readonly<Record<RowTone, string>> = {
  good: "var(--good)",
  bad: "var(--bad)",
  even: "var(--ink-soft)",
  open: "var(--notice)",
};

/** A key entry for each tone, with the word that says what it means. */
export function tonesKey(words: Readonly<Record<RowTone, string>>) {
  const names = ["good", "bad", "even", "open"] as const;
  return names.map((name) => ({ text: words[name], mark: "dot" as const, color: tones[name] }));
}

/** Wider than this, ratios are drawn on a logarithmic scale. */
const linearSpan = 4;

export interface RowChart extends Pick<Chart, "title" | "isCode" | "caption"> {
  readonly points: readonly RowPoint[];
  /** What the values are around: 1 of ratios, 0 of changes. */
  readonly line: 0 | 1;
  /** What the values are, above the rows. */
  readonly heading: string;
  readonly isBars?: boolean;
}

export function rowChart({ points, line, heading, isBars = false, ...said }: RowChart): Chart {
  const values = points.map((point) => ({
    row: point.row,
    value: point.value,
    tone: point.tone,
    line,
    low: point.low ?? point.value,
    high: point.high ?? point.value,
  }));
  const letters = Math.max(...points.map(({ row }) => row.length));
  const labelWidth = Math.min(labelWidthMax, Math.max(labelWidthMin, letterWidth * letters));
  const ends = values.flatMap(({ low, high, value }) => [low, high, value]);
  const [least, most] = [Math.min(line, ...ends), Math.max(line, ...ends)];
  const isLog = line === 1 && least > 0 && most / least > linearSpan;
  const position = {
    type: "quantitative" as const,
    title: null,
    scale: {
      domain: [least, most],
      nice: !isLog,
      type: isLog ? ("log" as const) : ("linear" as const),
    },
    axis: { tickCount: 4, format: ",~f", labelOverlap: "greedy" as const },
  };
  const y = {
    field: "row",
    type: "nominal" as const,
    title: null,
    sort: points.map(({ row }) => row),
    axis: { labelLimit: 2 * labelWidth, minExtent: labelWidth, maxExtent: labelWidth, grid: false },
  };
  const color = {
    field: "tone",
    type: "nominal" as const,
    legend: null,
    scale: { domain: Object.keys(tones), range: Object.values(tones) },
  };
  const spec: TopLevelSpec = {
    title: { text: heading, anchor: "start" },
    data: { values },
    width: plotWidth,
    height: { step: rowHeight },
    config: chartConfig,
    layer: [
      {
        mark: { type: "rule", color: "var(--ink-soft)", strokeDash: [2, 2] },
        encoding: { x: { datum: line, ...position } },
      },
      {
        mark: isBars ? { type: "bar", height: 9 } : { type: "rule", strokeWidth: 1.5 },
        encoding: {
          x: { field: isBars ? "line" : "low", ...position },
          x2: { field: isBars ? "value" : "high" },
          y,
          color,
        },
      },
      ...(isBars
        ? []
        : [
            {
              mark: { type: "point" as const, filled: true, size: 36, opacity: 1 },
              encoding: { x: { field: "value", ...position }, y, color },
            },
          ]),
    ],
  };
  return { ...said, drawing: { language: "vega-lite", spec } };
}
