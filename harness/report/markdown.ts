/** report.md: the report as a CI step summary shows it, verdict first, never too long for one. */
import { groupFailures } from "./failures.ts";
import { figureTables } from "./figures.ts";
import {
  formatChange,
  formatChangePercent,
  formatCount,
  formatDuration,
  formatPlural,
  formatTime,
} from "./format.ts";
import { comparedRuns } from "./markdown-comparison.ts";
import { contents, costs, effects, history, peers, times } from "./markdown-measures.ts";
import { cell, code, fence, fold, table } from "./markdown-text.ts";
import type { Answer, ReportModel, Size, VariantReport } from "./schema.ts";
import { fileMetrics, sizeIn } from "./sizes.ts";
import { cellDetail, cellText } from "./words.ts";

/** GitHub refuses a step summary of more than 1 MiB; what else the step writes needs room too. */
const defaultLimitBytes = 1_000_000;

/** A table of no more rows is shown open. */
const unfoldedRows = 8;

/** Failures shown in full; the others are counted and stand in report.html. */
const failuresShown = 30;

/** Renders whole sections in the order of their weight; the first that does not fit ends it. */
export function renderMarkdown(
  model: ReportModel,
  { limitBytes = defaultLimitBytes }: { readonly limitBytes?: number } = {},
): string {
  const sections = [
    verdict(model),
    comparedRuns(model),
    failures(model),
    missing(model),
    overBudget(model),
    sizes(model),
    cells(model),
    contents(model),
    costs(model),
    times(model),
    peers(model),
    effects(model),
    history(model),
    figures(model),
    skips(model),
    builds(model),
    wasmSections(model),
    environment(model),
  ].filter((section) => section !== "");
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

function failures({ failures }: ReportModel): string {
  if (failures.length === 0) return "";
  const groups = groupFailures(failures);
  const shown = groups.slice(0, failuresShown).map(({ first, all }) => {
    const what = first.state === "build" ? "build failed" : first.state;
    const name = first.case === undefined ? "build" : `${first.case} (${first.engine})`;
    const title = first.title === undefined ? "" : `${cell(first.title)}\n\n`;
    const others = all.slice(1).map((failure) => code(failure.variant));
    return [
      `### ${what}: ${code(name)} on ${code(first.variant)}\n`,
      `${title}${fence(first.message)}`,
      `Repeat: ${code(first.repro)}\n`,
      ...(others.length === 0
        ? []
        : [fold(`The same in ${formatPlural(others.length, "other outcome")}`, others.join(", "))]),
    ].join("\n");
  });
  const rest = groups.length - failuresShown;
  const more = rest > 0 ? `\n_And ${formatPlural(rest, "more problem")}: see report.html._\n` : "";
  return `## What failed\n\n${shown.join("\n")}${more}`;
}

function missing({ missing }: ReportModel): string {
  if (missing.length === 0) return "";
  const rows = missing.map(({ variant, engine, suite, cases, reason }) => [
    ...[code(variant), cell(engine), cell(suite), formatPlural(cases.length, "case"), cell(reason)],
  ]);
  const body = table({ head: ["variant", "engine", "suite", "cases", "reason"], rows });
  const summary = `${formatPlural(missing.length, "cell")} without all their outcomes`;
  return `## What is missing\n\n${fold(summary, body)}`;
}

function overBudget({ budget }: ReportModel): string {
  const over = budget.checks.filter((check) => check.over);
  if (over.length === 0) return "";
  const rows = over.map(({ variant, metric, value, limit, unit, kind, reason }) => [
    code(variant),
    cell(metric),
    ...(unit === "percent"
      ? [formatChangePercent(value), `${limit} %`, formatChangePercent(value - limit)]
      : [formatCount(value), formatCount(limit), formatChange(value - limit)]),
    ...[kind, cell(reason)],
  ]);
  const head = ["variant", "metric", "figure", "limit", "over by", "kind", "why the limit"];
  return `## Over budget\n\n${table({ head, rows, right: [2, 3, 4] })}`;
}

function sizes({ variants, baseline }: ReportModel): string {
  const measured = variants.filter(
    ({ sizes, build }) => sizes.length > 0 || build.state === "failed",
  );
  if (measured.every((variant) => variant.sizes.length === 0)) return "";
  const compared = baseline.length > 0;
  const head = [
    "variant",
    ...fileMetrics.flatMap((metric) => (compared ? [metric, "±"] : [metric])),
  ];
  const rows = measured.map((variant) => {
    const absent = variant.build.state === "failed" ? "not built" : "–";
    return [
      code(variant.variant),
      ...fileMetrics.flatMap((metric) =>
        sizeCells({ size: sizeIn(variant, metric), absent, compared }),
      ),
    ];
  });
  const right = head.map((_, index) => index).slice(1);
  const note = compared
    ? `bytes, and the change against the baseline`
    : "bytes; there is no baseline";
  const body = table({ head, rows, right });
  const summary = `${formatPlural(measured.length, "variant")}: ${note}`;
  return `## Sizes\n\n${fold(summary, body, measured.length <= unfoldedRows)}`;
}

function sizeCells({
  size,
  absent,
  compared,
}: {
  readonly size: Size | undefined;
  readonly absent: string;
  readonly compared: boolean;
}): readonly string[] {
  if (size === undefined) return compared ? [absent, ""] : [absent];
  const figure = formatCount(size.bytes);
  if (!compared) return [figure];
  if (size.changeBytes === undefined) return [figure, "new"];
  const percent =
    size.changeBytes === 0 ? "" : ` (${formatChangePercent(size.changePercent ?? 0)})`;
  return [figure, `${formatChange(size.changeBytes)}${percent}`];
}

function cells({ cells, variants }: ReportModel): string {
  if (cells.length === 0) return "";
  const columns = [
    ...new Map(
      cells.map(({ engine, suite }) => [JSON.stringify([engine, suite]), { engine, suite }]),
    ).values(),
  ];
  const rows = variants.map(({ variant }) => [
    code(variant),
    ...columns.map((column) => {
      const found = cells.find(
        (one) =>
          one.variant === variant && one.engine === column.engine && one.suite === column.suite,
      );
      return found === undefined ? "" : cell(cellText(found));
    }),
  ]);
  const head = ["variant", ...columns.map(({ engine, suite }) => cell(`${suite} · ${engine}`))];
  const bad = cells.filter((one) => one.state !== "pass");
  const exceptions = bad
    .slice(0, 100)
    .map(
      (one) =>
        `- ${code(one.variant)} · ${[one.engine, one.suite].map(cell).join(" · ")}: ` +
        cell(cellDetail(one)),
    );
  const wholeCount = formatCount(cells.length - bad.length);
  const whole = `${wholeCount} of ${formatPlural(cells.length, "cell")}`;
  const all = fold(`${whole} passed whole`, table({ head, rows }));
  return `## Cells\n\n${[...exceptions, ...(exceptions.length > 0 ? [""] : []), all].join("\n")}`;
}

/** A row a figure, of all variants together: report.html has a column for each. */
function figures(model: ReportModel): string {
  const folded = figureTables(model).map(({ suite, engine, variants, casesCount, rows }) => {
    const body = table({
      head: ["case", "figure", "least", "on", "most", "on"],
      rows: rows.map(({ case: id, figure, least, most }) => [
        ...[code(id), cell(figure), least.text],
        ...(most === undefined
          ? ["all", "", ""]
          : [code(least.variant), most.text, code(most.variant)]),
      ]),
      right: [2, 4],
    });
    const counts = [formatPlural(casesCount, "case"), formatPlural(variants.length, "variant")];
    return fold(`${suite} in ${engine}: ${counts.join(", ")}`, body);
  });
  return folded.length === 0 ? "" : `## Figures of cases\n\n${folded.join("\n")}`;
}

function skips({ skips, excluded, budget }: ReportModel): string {
  const lines = [
    ...skips.map(
      ({ state, engine, reason, cases, variants, outcomesCount }) =>
        `- ${state} in ${cell(engine)}: ${cell(reason)} ` +
        `(${formatPlural(outcomesCount, "outcome")}: ` +
        `${formatPlural(cases.length, "case")} on ${formatPlural(variants.length, "variant")})`,
    ),
    ...excluded.map(({ variant, reason }) => `- excluded: ${code(variant)}: ${cell(reason)}`),
    ...budget.unmatched.map(
      (limit) => `- a limit that no figure of this run falls under: ${cell(limit)}`,
    ),
  ];
  return lines.length === 0 ? "" : `## Not judged\n\n${lines.join("\n")}\n`;
}

function builds({ variants }: ReportModel): string {
  const built = variants.filter((variant) => variant.build.state !== "none");
  if (built.length === 0) return "";
  const rows = built.map(({ variant, build }) => [
    ...[code(variant), build.state, formatDuration(build.durationMs)],
    build.steps
      .map(({ name, durationMs }) => `${cell(name)} ${formatDuration(durationMs)}`)
      .join(", "),
  ]);
  const body = table({ head: ["variant", "state", "time", "steps"], rows, right: [2] });
  return fold(`Build times of ${formatPlural(built.length, "variant")}`, body);
}

function wasmSections({ variants }: ReportModel): string {
  const rows = variants.flatMap((variant: VariantReport) =>
    variant.sections.length === 0
      ? []
      : [
          [
            code(variant.variant),
            variant.sections
              .map(({ metric, bytes }) => `${code(metric)} ${formatCount(bytes)}`)
              .join(", "),
          ],
        ],
  );
  return rows.length === 0
    ? ""
    : fold("Sections of each wasm, in bytes", table({ head: ["variant", "sections"], rows }));
}

function environment({ run, baseline, time }: ReportModel): string {
  const { os, arch, cpu, cores, memoryBytes, node } = run.fingerprint;
  const lines = [
    `- command: ${code(run.command)}`,
    `- machine: ${[os, arch, cpu].map(cell).join(", ")}, ${formatPlural(cores, "core")}, ` +
      `${Math.round(memoryBytes / 2 ** 30)} GiB, Node ${cell(node)}`,
    `- tools: ${Object.entries(run.tools)
      .map(([name, version]) => `${cell(name)} ${cell(version)}`)
      .join(", ")}`,
    ...baseline.map(
      (one) =>
        `- baseline: ${formatTime(one.startedAt)}` +
        (one.revision === undefined ? "" : `, revision ${code(one.revision)}`),
    ),
    `- time: builds ${formatDuration(time.buildsMs)}, cases ${formatDuration(time.casesMs)}, ` +
      "both summed over jobs",
  ];
  return fold("Environment", lines.join("\n"));
}
