/** report.html: one file without network; the first screen answers, the rest proves it. */
import { formatDuration, formatPlural, formatTime } from "../format.ts";
import { type Markup, markup, trusted } from "../markup.ts";
import type { Answer, ReportModel } from "../schema.ts";
import { buildsSection } from "./builds.ts";
import { costsSection } from "./costs.ts";
import { effectsSection, frontsSection } from "./effects.ts";
import { figuresSection } from "./figures.ts";
import { filterScript, filterScriptHash } from "./filters.ts";
import { ledgerSection } from "./ledger.ts";
import { matrixSection, skipsSection } from "./matrix.ts";
import { budgetSection, failuresSection, missingSection } from "./problems.ts";
import { comparisonSection, historySection } from "./runs.ts";
import { contentsSection, sizesSection } from "./sizes.ts";
import { pageStyle } from "./style.ts";
import { peersSection, workloadsSection } from "./times.ts";

/** What a part of the page is called in its index; the ids are those of the sections. */
const sectionTitles = {
  comparison: "Beside the earlier run",
  failures: "What failed",
  missing: "Missing",
  budget: "Budget",
  cells: "Cells",
  sizes: "Sizes",
  ledger: "Whose bytes",
  costs: "Exact cost",
  workloads: "Times",
  peers: "Other Luas",
  effects: "Axes",
  fronts: "Size against speed",
  history: "History",
  contents: "Contents",
  figures: "Figures of cases",
  builds: "Build times",
  skipped: "Not judged",
  environment: "Environment",
} as const;
type SectionId = keyof typeof sectionTitles;

export async function renderHtml(model: ReportModel): Promise<string> {
  const budget = ["budget", budgetSection(model)] as const;
  const over = model.budget.checks.some((check) => check.over);
  const sections: readonly (readonly [SectionId, Markup | undefined])[] = [
    ["comparison", comparisonSection(model)],
    ["failures", failuresSection(model)],
    ["missing", missingSection(model)],
    ...(over ? [budget] : []),
    ["cells", matrixSection(model)],
    ["sizes", await sizesSection(model)],
    ...(over ? [] : [budget]),
    ["ledger", await ledgerSection(model)],
    ["costs", await costsSection(model)],
    ["workloads", await workloadsSection(model)],
    ["peers", await peersSection(model)],
    ["effects", await effectsSection(model)],
    ["fronts", await frontsSection(model)],
    ["history", await historySection(model)],
    ["contents", contentsSection(model)],
    ["figures", figuresSection(model)],
    ["builds", await buildsSection(model)],
    ["skipped", skipsSection(model)],
    ["environment", environmentSection(model)],
  ];
  const present = sections.flatMap(([id, section]) =>
    section === undefined ? [] : [{ id, section }],
  );
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${policy()}">
<title>${titleOf(model)}</title>
<style>${trusted(pageStyle)}</style>
</head>
<body>
<header>
<h1>Matrix report</h1>
<p class="origin">${originOf(model)}</p>
</header>
<main>
${answers(model, new Set(present.map(({ id }) => id)))}
${model.warnings.map((warning) => markup`<p class="warning" role="note">${warning}</p>`)}
<nav aria-label="Parts of the report"><ul>${present.map(
    ({ id }) => markup`<li><a href="#${id}">${sectionTitles[id]}</a></li>`,
  )}</ul></nav>
${present.map(({ section }) => section)}
</main>
<script>${trusted(filterScript)}</script>
</body>
</html>
`;
  return page.text;
}

function titleOf({ answers, run }: ReportModel): string {
  const tones = [answers.broke, answers.grew, answers.slowed].map((answer) => answer.tone);
  const mark = tones.includes("bad") ? "✗" : "✓";
  return `${mark} Matrix report, ${formatTime(run.startedAt)}`;
}

function originOf({ run, variants, time }: ReportModel): string {
  const engines = run.engines.map(({ name, version }) =>
    version === undefined ? name : `${name} ${version}`,
  );
  return [
    formatTime(run.startedAt),
    ...(run.revision === undefined ? [] : [`revision ${run.revision}`]),
    `${run.tier} tier`,
    formatPlural(variants.length, "variant"),
    ...engines,
    ...(time.wallMs === undefined ? [] : [formatDuration(time.wallMs)]),
  ].join(" · ");
}

/** Nothing is loaded, and of scripts only our own runs. */
function policy(): string {
  return `default-src 'none'; style-src 'unsafe-inline'; script-src '${filterScriptHash()}'`;
}

function answers(
  { answers: { broke, grew, slowed }, recordsPath }: ReportModel,
  present: ReadonlySet<SectionId>,
): Markup {
  const proofOf = (...ids: readonly SectionId[]) => ids.find((id) => present.has(id));
  const samples = recordsPath === undefined ? {} : { recordsPath };
  const parts = [
    {
      ...{ question: "Did anything break?", answer: broke },
      proof: proofOf("failures", "missing", "cells"),
    },
    {
      ...{ question: "Did it get bigger?", answer: grew },
      proof: proofOf(...(grew.tone === "bad" ? (["budget"] as const) : []), "sizes"),
    },
    {
      ...{ question: "Did it get slower?", answer: slowed },
      proof: proofOf(...(slowed.tone === "bad" ? (["budget"] as const) : []), "costs", "workloads"),
    },
  ];
  const list = parts.map((part) => answer({ ...part, ...samples }));
  return markup`<section class="answers" aria-label="Verdict">
${list}
</section>`;
}

function answer({
  question,
  answer: { tone, headline, figure, detail },
  proof,
  recordsPath,
}: {
  readonly question: string;
  readonly answer: Answer;
  readonly proof: SectionId | undefined;
  readonly recordsPath?: string;
}): Markup {
  const symbol = { good: "✓", notice: "–", bad: "✗" }[tone];
  const links = [
    ...(proof === undefined ? [] : [markup`<a href="#${proof}">${sectionTitles[proof]}</a>`]),
    ...(recordsPath === undefined ? [] : [markup`<a href="${recordsPath}">raw samples</a>`]),
  ];
  return markup`<article class="answer ${tone}">
<h2>${question}</h2>
<p class="headline"><span class="symbol" aria-hidden="true">${symbol}</span> ${headline}</p>
<p class="big">${figure}</p>
<p class="detail">${detail}</p>
<p class="links">${links}</p>
</article>
`;
}

function environmentSection({ run, baseline, time }: ReportModel): Markup {
  const { os, arch, cpu, cores, memoryBytes, node } = run.fingerprint;
  const memoryGib = Math.round(memoryBytes / 2 ** 30);
  const facts: readonly (readonly [string, string])[] = [
    ["Command", run.command],
    ["Seed", String(run.seed)],
    ["Started", formatTime(run.startedAt)],
    [
      "Ended",
      run.finishedAt === undefined ? run.state : `${formatTime(run.finishedAt)}, ${run.state}`,
    ],
    ["Wall time", time.wallMs === undefined ? "unknown" : formatDuration(time.wallMs)],
    ["Machine", `${os} ${arch}, ${cpu}, ${formatPlural(cores, "core")}, ${memoryGib} GiB`],
    ["Harness", `Node ${node}`],
    ...run.engines.map(({ name, version }) => [`Engine ${name}`, version ?? "no outcome"] as const),
    ...Object.entries(run.tools),
    ...baseline.map(
      ({ startedAt, revision }) =>
        [
          "Baseline",
          `${formatTime(startedAt)}${revision === undefined ? "" : `, revision ${revision}`}`,
        ] as const,
    ),
  ];
  const list = facts.map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`);
  return markup`<section id="environment"><h2>Environment</h2><dl>${list}</dl></section>`;
}
