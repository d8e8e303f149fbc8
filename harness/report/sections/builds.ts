/** The section on the run's own time: builds by step, and what the harness took. */
import { type Chart, seriesKey } from "../chart/chart.ts";
import { buildChart, placeOf } from "../chart/panels.ts";
import { formatCount, formatDuration, formatPlural } from "../format.ts";
import type { ReportModel, VariantReport } from "../schema.ts";
import { duration, strong, words } from "../section/cells.ts";
import {
  chartsPart,
  figureColumn,
  type Section,
  type Table,
  textPart,
} from "../section/section.ts";
import { tablesByTarget, variantCell } from "./variants.ts";

export function buildsSection(model: ReportModel): Section | undefined {
  const built = model.variants.filter(({ build }) => build.state !== "none");
  if (built.length === 0) return undefined;
  const steps = [...new Set(built.flatMap(({ build }) => build.steps.map(({ name }) => name)))];
  return {
    id: "builds",
    title: "Build times",
    parts: [
      textPart(timeWords(model)),
      ...chartsPart(stepsChart(built, steps), seriesKey(steps)),
      {
        kind: "fold",
        title: "Every variant, by step",
        parts: [
          {
            kind: "columns",
            isWide: true,
            columns: tablesByTarget(built, (group, variants) =>
              buildsTable({ group, variants, steps }),
            ),
          },
        ],
      },
    ],
  };
}

/** The mean build time of each row of variants, stacked by step; none without builds. */
function stepsChart(
  variants: readonly VariantReport[],
  steps: readonly string[],
): readonly Chart[] {
  const built = variants.filter(({ build }) => build.steps.length > 0);
  if (built.length === 0) return [];
  const rows = Map.groupBy(built, (variant) => JSON.stringify(placeOf(variant)));
  const values = [...rows.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const ofGroup = group.flatMap(({ build }) => build.steps);
    return steps.map((step, order) => ({
      ...placeOf(first),
      step,
      order,
      seconds: sumMs(ofGroup.filter(({ name }) => name === step)) / group.length / 1000,
    }));
  });
  const title = "Mean seconds by step";
  const builds = formatPlural(built.length, "build");
  const caption = `${title}, of ${builds}; the table below has the figures.`;
  return [buildChart({ title, caption, values, steps })];
}

function sumMs(steps: readonly { readonly durationMs: number }[]): number {
  return steps.reduce((sum, { durationMs }) => sum + durationMs, 0);
}

function buildsTable({
  group,
  variants,
  steps,
}: {
  readonly group: string;
  readonly variants: readonly VariantReport[];
  readonly steps: readonly string[];
}): Table {
  return {
    label: `Build times of ${group}`,
    columns: [{ title: "Variant" }, { title: "State" }, ...[...steps, "all"].map(figureColumn)],
    rows: variants.map(({ variant, build }) => {
      const times = new Map(build.steps.map(({ name, durationMs }) => [name, durationMs]));
      return {
        cells: [
          variantCell(variant, group),
          words(build.state),
          ...steps.map((name) => {
            const durationMs = times.get(name);
            return durationMs === undefined ? words("") : duration(durationMs);
          }),
          strong(duration(build.durationMs)),
        ],
      };
    }),
  };
}

/** Sums exceed the clock where jobs ran side by side. */
function timeWords({ cache, time }: ReportModel): string {
  const { buildsCount, buildsCachedCount, outcomesCount, outcomesReusedCount } = cache;
  const { wallMs, buildsMs, casesMs, harnessMs, harnessPercent = 0 } = time;
  const builds = `${formatCount(buildsCachedCount)} of ${formatPlural(buildsCount, "build")}`;
  const reused = `${formatCount(outcomesReusedCount)} of ${formatPlural(outcomesCount, "outcome")}`;
  const own =
    harnessMs === undefined
      ? ""
      : `, ${formatDuration(harnessMs)} of it (${harnessPercent.toFixed(1)} %) ` +
        "in the harness itself";
  const clock =
    wallMs === undefined ? "" : `; by the clock it took ${formatDuration(wallMs)}${own}`;
  const sums = `${formatDuration(buildsMs)} in builds and ${formatDuration(casesMs)} in cases`;
  const spent = `This run spent ${sums}, summed over jobs${clock}.`;
  return `From the cache: ${builds} and ${reused}. ${spent}`;
}
