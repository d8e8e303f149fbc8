/** report.md: the report as a CI step summary shows it, verdict first, never too long for one. */
import { formatDuration, formatPlural, formatTime } from "../format.ts";
import type { Answer, ReportModel } from "../schema.ts";
import { sectionsOf } from "../sections.ts";
import { sectionMarkdown } from "./section.ts";
import { cell, code } from "./text.ts";

/** GitHub refuses a step summary of more than 1 MiB; what else the step writes needs room too. */
const defaultLimitBytes = 1_000_000;

/** Renders whole sections in their order; the first that does not fit ends it. */
export function renderMarkdown(
  model: ReportModel,
  { limitBytes = defaultLimitBytes }: { readonly limitBytes?: number } = {},
): string {
  const sections = [verdict(model), ...sectionsOf(model).map(sectionMarkdown)];
  const statement =
    "\n_Cut here: the whole report would be too long for a step summary. See report.html._\n";
  let text = "";
  for (const section of sections) {
    const next = `${text}${section}\n`;
    if (Buffer.byteLength(next + statement) > limitBytes) return `${text}${statement}`;
    text = next;
  }
  return text;
}

const marks = { good: "✅", notice: "⚪", bad: "❌" } as const;

function verdict({ answers, run, cache, time, warnings }: ReportModel): string {
  const row = (question: string, { tone, headline, figure, detail }: Answer) =>
    `| ${marks[tone]} **${question}** | ${[headline, figure, detail].map(cell).join(" | ")} |`;
  const engines = run.engines.map(({ name, version }) =>
    version === undefined ? name : `${name} ${version}`,
  );
  const where = [
    formatTime(run.startedAt),
    ...(run.revision === undefined ? [] : [`revision ${code(run.revision)}`]),
    `${run.tier} tier`,
    ...engines.map(cell),
    `seed ${run.seed}`,
    ...(time.wallMs === undefined ? [] : [formatDuration(time.wallMs)]),
    `from the cache: ${cache.buildsCachedCount} of ${formatPlural(cache.buildsCount, "build")}, ` +
      `${cache.outcomesReusedCount} of ${formatPlural(cache.outcomesCount, "outcome")}`,
  ];
  return [
    "# Matrix report\n",
    "| | | | |\n|---|---|---|---|",
    row("Did anything break?", answers.broke),
    row("Did it get bigger?", answers.grew),
    row("Did it get slower?", answers.slowed),
    `\n${where.join(" · ")}`,
    ...warnings.map((warning) => `\n> ⚠️ ${cell(warning)}`),
    "",
  ].join("\n");
}
