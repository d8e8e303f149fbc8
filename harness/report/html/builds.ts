/** The part of the page on the run's own time: builds by step, and what the harness took. */
import { formatCount, formatDuration, formatPlural } from "../format.ts";
import { type Markup, markup } from "../markup.ts";
import type { ReportModel, VariantReport } from "../schema.ts";
import { seriesColor } from "./chart-spec.ts";
import { buildChart, stepNames } from "./charts.ts";
import { cell, figureCell, rowHead, table } from "./table.ts";
import { variantGroups, variantName } from "./variants.ts";

export async function buildsSection(model: ReportModel): Promise<Markup | undefined> {
  const built = model.variants.filter((variant) => variant.build.state !== "none");
  if (built.length === 0) return undefined;
  const steps = stepNames(model);
  const key = steps.map(
    (name, index) =>
      markup`<li><span class="dot" style="--color: ${seriesColor(index)}"></span>${name}</li>`,
  );
  const tables = variantGroups(built).map(({ group, variants }) =>
    buildsTable({ group, variants, steps }),
  );
  return markup`<section id="builds"><h2>Build times</h2>
<p>${timeWords(model)}</p>
<div class="charts">${await buildChart(model)}</div><ul class="key">${key}</ul>
<details><summary>Every variant, by step</summary>
<div class="pair wide">${tables}</div></details></section>`;
}

function buildsTable({
  group,
  variants,
  steps,
}: {
  readonly group: string;
  readonly variants: readonly VariantReport[];
  readonly steps: readonly string[];
}): Markup {
  return table({
    label: `Build times of ${group}`,
    caption: group,
    columns: [
      ...[{ title: "Variant" }, { title: "State" }],
      ...[...steps, "all"].map((title) => ({ title, figure: true })),
    ],
    rows: variants.map(({ variant, build }) => {
      const times = new Map(build.steps.map(({ name, durationMs }) => [name, durationMs]));
      return [
        ...[rowHead(variantName({ variant, group })), cell(build.state)],
        ...steps.map((name) => {
          const durationMs = times.get(name);
          return figureCell(durationMs === undefined ? "" : formatDuration(durationMs));
        }),
        figureCell(markup`<strong>${formatDuration(build.durationMs)}</strong>`),
      ];
    }),
  });
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
