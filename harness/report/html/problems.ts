/** The part of the page on what went wrong: failures and their commands, limits, the missing. */
import { type FailureGroup, groupFailures } from "../failures.ts";
import { formatChange, formatChangePercent, formatCount, formatPlural } from "../format.ts";
import { type Markup, markup } from "../markup.ts";
import type { BudgetCheck, ReportModel } from "../schema.ts";
import { cell, figureCell, rowHead, table } from "./table.ts";

/** Problems shown in full; junit.xml and report.json have them all. */
const problemsShown = 100;
const messageCharactersShown = 8000;

export function failuresSection({ failures }: ReportModel): Markup | undefined {
  if (failures.length === 0) return undefined;
  const groups = groupFailures(failures);
  const rest = groups.length - problemsShown;
  const more =
    rest > 0
      ? markup`<p>And ${formatPlural(rest, "more problem")}: see report.json.</p>`
      : undefined;
  const shown = groups.slice(0, problemsShown).map(problem);
  return markup`<section id="failures"><h2>What failed</h2>${shown}${more}</section>`;
}

function problem({ first, all }: FailureGroup): Markup {
  const { state, variant, engine, title, message, repro } = first;
  const what = state === "build" ? "build failed" : state;
  const where =
    first.case === undefined
      ? markup`<code>${variant}</code>`
      : markup`<code>${first.case}</code> in ${engine}, on <code>${variant}</code>`;
  return markup`<article class="problem">
<h3><span class="state bad">${what}</span> ${where}</h3>
${title === undefined ? undefined : markup`<p>${title}</p>`}
<pre tabindex="0">${message.slice(0, messageCharactersShown)}</pre>
<p class="repro"><span>Repeat</span> <code>${repro}</code></p>
${sameElsewhere(all.slice(1).map((failure) => failure.repro))}
</article>
`;
}

function sameElsewhere(commands: readonly string[]): Markup | undefined {
  if (commands.length === 0) return undefined;
  const list = commands.map((command) => markup`<li><code>${command}</code></li>`);
  const others = formatPlural(commands.length, "other outcome");
  return markup`<details><summary>The same in ${others}</summary>
<ul class="commands">${list}</ul></details>`;
}

export function missingSection({ missing }: ReportModel): Markup | undefined {
  if (missing.length === 0) return undefined;
  const list = table({
    label: "Missing outcomes",
    columns: [
      ...[{ title: "Variant" }, { title: "Engine" }, { title: "Suite" }],
      ...[{ title: "Cases", figure: true }, { title: "Because" }],
    ],
    rows: missing.map(({ variant, engine, suite, cases, reason }) => [
      ...[rowHead(markup`<code>${variant}</code>`), cell(engine), cell(suite)],
      ...[figureCell(formatCount(cases.length)), cell(reason)],
    ]),
  });
  return markup`<section id="missing"><h2>What is missing</h2>
<p>These cells were asked for; the cases counted here have no outcome.</p>
${list}</section>`;
}

/** The broken limits; without any, the figure that is closest to each maximum. */
export function budgetSection({ budget }: ReportModel): Markup | undefined {
  const over = budget.checks.filter((check) => check.over);
  const shown = over.length > 0 ? over : closestToLimits(budget.checks);
  if (shown.length === 0) return undefined;
  const title = over.length > 0 ? "Over budget" : "Closest to their limits";
  const list = table({
    label: title,
    columns: [
      ...[{ title: "Variant" }, { title: "Metric" }, { title: "Figure", figure: true }],
      ...[
        { title: "Limit", figure: true },
        { title: "Against it", figure: true },
      ],
      { title: "Why the limit" },
    ],
    rows: shown.map(budgetRow),
  });
  return markup`<section id="budget"><h2>${title}</h2>${list}</section>`;
}

function closestToLimits(checks: readonly BudgetCheck[]): readonly BudgetCheck[] {
  const sorted = checks
    .filter((check) => check.kind === "maximum")
    .toSorted((a, b) => a.value / a.limit - b.value / b.limit);
  const lastOfLimit = new Map(
    sorted.map((check) => [JSON.stringify([check.metric, check.limit, check.reason]), check]),
  );
  return [...lastOfLimit.values()];
}

function budgetRow(check: BudgetCheck): readonly Markup[] {
  const { variant, metric, kind, unit, value, limit, over, reason } = check;
  const isPercent = unit === "percent";
  const against = isPercent ? formatChangePercent(value - limit) : formatChange(value - limit);
  return [
    rowHead(markup`<code>${variant}</code>`),
    cell(kind === "growth" ? `${metric}, growth` : metric),
    figureCell(isPercent ? formatChangePercent(value) : formatCount(value)),
    figureCell(isPercent ? `${limit} %` : formatCount(limit)),
    figureCell(against, over ? "bad" : ""),
    cell(reason),
  ];
}
