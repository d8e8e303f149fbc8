/** A chart as data: its title, its caption, and the specification that Vega draws. */
import type { Spec } from "vega";
import type { TopLevelSpec } from "vega-lite";

export interface Chart {
  readonly title: string;
  /** The title is a name as it is typed. */
  readonly isCode?: boolean;
  /** What it shows, for who can't see it. */
  readonly caption: string;
  readonly drawing:
    | { readonly language: "vega"; readonly spec: Spec }
    | { readonly language: "vega-lite"; readonly spec: TopLevelSpec };
}

const seriesColors = [1, 2, 3, 4, 5, 6].map((number) => `var(--series-${number})`);

/** The colour of the n-th series, the same in charts and in their keys. */
export function seriesColor(index: number): string {
  return seriesColors[index % seriesColors.length] ?? "currentColor";
}

/** A key entry for each series. */
export function seriesKey(names: readonly string[]) {
  return names.map((text, index) => ({ text, mark: "dot" as const, color: seriesColor(index) }));
}

/** Narrow enough for a phone without shrinking its text; four stand side by side on a desktop. */
export const plotWidth = 168;

/** Colours are the page's variables, so one SVG serves light and dark. */
export const chartConfig = {
  background: "transparent",
  aria: false,
  padding: 2,
  view: { stroke: null },
  font: "sans-serif",
  title: { color: "var(--ink)", fontSize: 12, fontWeight: 600, offset: 4, frame: "bounds" },
  axis: {
    labelColor: "var(--ink-soft)",
    labelFontSize: 11,
    gridColor: "var(--line)",
    domain: false,
    ticks: false,
    labelPadding: 6,
  },
} as const;
