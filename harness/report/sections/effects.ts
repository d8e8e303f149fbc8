/** The section on axes: what each of their values costs, and which go together. */
import type { Chart } from "../chart/chart.ts";
import { type RowPoint, rowChart } from "../chart/rows.ts";
import { formatFactor, formatPlural } from "../format.ts";
import type { ReportModel } from "../schema.ts";
import type { Effect, Interaction } from "../schema-figures.ts";
import { count, once, row, strong, words } from "../section/cells.ts";
import {
  chartsPart,
  columnsOf,
  type Part,
  type Section,
  tablePart,
  textPart,
} from "../section/section.ts";

/** A smaller effect is drawn as none. */
const evenPercent = 0.5;

export function effectsSection({ effects, interactions }: ReportModel): Section | undefined {
  if (effects.length === 0) return undefined;
  const byMetric = [...Map.groupBy(effects, ({ metric }) => metric)];
  return {
    id: "effects",
    title: "What each axis costs",
    shortTitle: "Axes",
    parts: [
      textPart(
        "Every value beside the one with the smallest figures, over all pairs of variants that " +
          "differ in nothing else: the mean of their ratios, the least and the most of any pair.",
      ),
      ...chartsPart(byMetric.map(([metric, ofMetric]) => effectChart(metric, ofMetric))),
      {
        kind: "fold",
        title: formatPlural(effects.length, "effect"),
        note: "mean, least, most",
        parts: [effectsTable(effects)],
      },
      ...interactionsParts(interactions),
    ],
  };
}

function effectChart(metric: string, effects: readonly Effect[]): Chart {
  const percent = (factor: number) => 100 * (factor - 1);
  return rowChart({
    title: `${metric}, %`,
    caption: `Effect of each axis value on ${metric}; the table below has the figures.`,
    points: effects.map(({ axis, value, ratio, least, most }): RowPoint => {
      const isEven = Math.abs(percent(ratio)) < evenPercent;
      return {
        row: `${axis} ${value}`,
        value: percent(ratio),
        low: percent(least),
        high: percent(most),
        tone: isEven ? "even" : ratio > 1 ? "bad" : "good",
      };
    }),
    line: 0,
    heading: "mean, least to most",
  });
}

function effectsTable(effects: readonly Effect[]): Part {
  return tablePart({
    label: "Effects of axis values",
    columns: columnsOf({
      words: ["Figure", "Axis", "Value", "Beside"],
      figures: ["Mean", "95 %", "Least", "Most", "Pairs"],
    }),
    rows: effects.map((effect, index) =>
      row(
        once(effect.metric, effects[index - 1]?.metric === effect.metric),
        words(effect.axis),
        words(effect.value),
        words(effect.against),
        strong(words(formatFactor(effect.ratio))),
        words(intervalOf(effect)),
        words(formatFactor(effect.least)),
        words(formatFactor(effect.most)),
        count(effect.pairsCount),
      ),
    ),
  });
}

/** Counted figures have none: they are what they are. */
function intervalOf({ low, high }: Effect): string {
  if (low === undefined || high === undefined) return "";
  return `${formatFactor(low)} to ${formatFactor(high)}`;
}

function interactionsParts(interactions: readonly Interaction[]): readonly Part[] {
  if (interactions.length === 0) return [];
  return [
    { kind: "heading", text: "Where two values together are not what each one is" },
    textPart(
      "What the figure changes beyond both effects, each beside the same value as above: the " +
        "largest.",
    ),
    tablePart({
      label: "Interactions of axis values",
      columns: columnsOf({
        words: ["Figure", "Together"],
        figures: ["Beyond both", "Least", "Most"],
      }),
      rows: interactions.map(({ metric, axes, ratio, least, most }) =>
        row(
          words(metric),
          words(axes.map(({ axis, value }) => `${axis} ${value}`).join(" with ")),
          strong(words(formatFactor(ratio))),
          words(formatFactor(least)),
          words(formatFactor(most)),
        ),
      ),
    }),
  ];
}
