/** The part of the page on sizes: charts over variants, the table, and what is inside each wasm. */
import {
  formatChange,
  formatChangePercent,
  formatCount,
  formatPlural,
  formatTime,
} from "../format.ts";
import { type Markup, markup } from "../markup.ts";
import type { ReportModel, Size, VariantReport } from "../schema.ts";
import { fileMetrics, sizeIn } from "../sizes.ts";
import { seriesColor } from "./chart-spec.ts";
import { seriesNames, sizeCharts } from "./charts.ts";
import { figureCell, rowHead, table } from "./table.ts";
import { variantGroups, variantName } from "./variants.ts";

export async function sizesSection(model: ReportModel): Promise<Markup | undefined> {
  const measured = model.variants.filter((variant) => variant.sizes.length > 0);
  if (measured.length === 0) return undefined;
  const shown = model.variants.filter(
    ({ sizes, build }) => sizes.length > 0 || build.state === "failed",
  );
  const largestBytes = Math.max(...measured.map((variant) => sizeIn(variant, "raw")?.bytes ?? 0));
  const compared = model.baseline.length > 0;
  const tables = variantGroups(shown).map(({ group, variants }) =>
    sizesTable({ group, variants, compared, largestBytes }),
  );
  return markup`<section id="sizes"><h2>Sizes</h2>
<p>${baselineWords(model)}</p>
<div class="charts">${[...(await sizeCharts(model))]}</div>
${chartKey(model)}
<h3>Bytes${compared ? ", and the change" : ""}</h3>
<div class="pair wide">${tables}</div></section>`;
}

function baselineWords({ baseline }: ReportModel): string {
  const last = baseline.at(-1);
  if (last === undefined) {
    return "There is no baseline to compare with; --update-baseline makes one.";
  }
  const revision = last.revision === undefined ? "" : `, revision ${last.revision}`;
  const older = baseline.length - 1;
  const others = older > 0 ? `, and ${formatPlural(older, "earlier run")}` : "";
  return `Compared with the baseline of ${formatTime(last.startedAt)}${revision}${others}.`;
}

function chartKey(model: ReportModel): Markup {
  const series = seriesNames(model).map((name, index) => {
    const color = seriesColor(index);
    return markup`<li><span class="dot" style="--color: ${color}"></span>unwind ${name}</li>`;
  });
  const limited = model.budget.checks.some((check) => check.kind === "maximum");
  const limit = limited ? markup`<li><span class="tick"></span>limit</li>` : undefined;
  return markup`<ul class="key">${series}<li><span class="dot"></span>post-processed</li>
<li><span class="dot hollow"></span>post none</li>${limit}</ul>`;
}

function sizesTable({
  group,
  variants,
  compared,
  largestBytes,
}: {
  readonly group: string;
  readonly variants: readonly VariantReport[];
  readonly compared: boolean;
  readonly largestBytes: number;
}): Markup {
  const change = markup`<abbr title="change against the baseline">±</abbr>`;
  return table({
    label: `Sizes of ${group}`,
    caption: group,
    columns: [
      { title: "Variant" },
      ...fileMetrics.flatMap((metric) => [
        { title: metric, figure: true },
        ...(compared ? [{ title: change, figure: true }] : []),
      ]),
    ],
    rows: variants.map((variant) => [
      rowHead(variantName({ variant: variant.variant, group })),
      ...fileMetrics.flatMap((metric) =>
        sizeCells({
          size: sizeIn(variant, metric),
          absent: variant.build.state === "failed" ? "not built" : "–",
          compared,
          largestBytes,
        }),
      ),
    ]),
  });
}

function sizeCells({
  size,
  absent,
  compared,
  largestBytes,
}: {
  readonly size: Size | undefined;
  readonly absent: string;
  readonly compared: boolean;
  readonly largestBytes: number;
}): readonly Markup[] {
  if (size === undefined) {
    return [figureCell(absent, "quiet"), ...(compared ? [figureCell("")] : [])];
  }
  const share = ((100 * size.bytes) / Math.max(1, largestBytes)).toFixed(1);
  const bytes = formatCount(size.bytes);
  const figure =
    size.metric === "raw"
      ? markup`<td class="figure bar" style="--share: ${share}%">${bytes}</td>`
      : figureCell(bytes);
  return compared ? [figure, changeCell(size)] : [figure];
}

function changeCell({ changeBytes, changePercent = 0 }: Size): Markup {
  if (changeBytes === undefined) return figureCell("new", "quiet");
  if (changeBytes === 0) return figureCell("0", "quiet");
  const percent = formatChangePercent(changePercent);
  const change = markup`<span title="${percent}">${formatChange(changeBytes)}</span>`;
  return figureCell(change, changeBytes > 0 ? "grew" : "shrank");
}

/** Sections and the largest functions of each wasm, folded away until asked for. */
export function contentsSection({ variants, baseline }: ReportModel): Markup | undefined {
  const known = variants.filter(
    ({ sections, functions }) => sections.length + functions.length > 0,
  );
  if (known.length === 0) return undefined;
  const compared = baseline.length > 0;
  const groups = variantGroups(known).map(({ group, variants: members }) => {
    const list = members.map((variant) => contents({ variant, group, compared }));
    return markup`<div><h3>${group}</h3>${list}</div>`;
  });
  return markup`<section id="contents"><h2>What is inside</h2>
<p>Sections of each wasm, and its largest functions by the bytes of their code,
named by its unstripped twin.</p>
<div class="pair">${groups}</div></section>`;
}

function contents({
  variant,
  group,
  compared,
}: {
  readonly variant: VariantReport;
  readonly group: string;
  readonly compared: boolean;
}): Markup {
  const first = variant.functions[0];
  const largest = first === undefined ? "" : `${first.name}, ${formatCount(first.bytes)}`;
  const name = variantName({ variant: variant.variant, group });
  const sections = table({
    label: `Sections of ${variant.variant}`,
    columns: [
      ...[{ title: "Section" }, { title: "Bytes", figure: true }],
      ...(compared ? [{ title: "±", figure: true }] : []),
    ],
    rows: variant.sections.map((section) => [
      rowHead(markup`<code>${section.metric}</code>`),
      figureCell(formatCount(section.bytes)),
      ...(compared ? [changeCell(section)] : []),
    ]),
  });
  return markup`<details class="contents">
<summary>${name} <span class="quiet">${largest}</span></summary>
${sections}${functionsTable(variant)}</details>
`;
}

function functionsTable(variant: VariantReport): Markup | undefined {
  const { functions, functionsCount, functionsBytes } = variant;
  if (functions.length === 0) return undefined;
  const restBytes = functionsBytes - functions.reduce((sum, { bytes }) => sum + bytes, 0);
  const restCount = functionsCount - functions.length;
  return table({
    label: `Functions of ${variant.variant}`,
    columns: [{ title: "Function" }, { title: "Bytes", figure: true }],
    rows: [
      ...functions.map(({ name, bytes }) => [
        rowHead(markup`<code class="long" title="${name}">${name}</code>`),
        figureCell(formatCount(bytes)),
      ]),
      ...(restCount > 0
        ? [
            [
              rowHead(formatPlural(restCount, "smaller function")),
              figureCell(formatCount(restBytes)),
            ],
          ]
        : []),
    ],
  });
}
