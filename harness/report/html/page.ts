/** report.html: one file without network; the first screen answers, the rest proves it. */
import { formatDuration, formatPlural, formatTime } from "../format.ts";
import { type Markup, markup, trusted } from "../markup.ts";
import type { Answer, ReportModel } from "../schema.ts";
import type { Section } from "../section/section.ts";
import { sectionsOf } from "../sections.ts";
import { filterScript, filterScriptHash } from "./filters.ts";
import { sectionHtml } from "./section.ts";
import { pageStyle } from "./style.ts";

export async function renderHtml(model: ReportModel): Promise<string> {
  const sections = sectionsOf(model);
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
${answers(model, sections)}
${model.warnings.map((warning) => markup`<p class="warning" role="note">${warning}</p>`)}
<nav aria-label="Parts of the report"><ul>${sections.map(
    (section) => markup`<li>${linkTo(section)}</li>`,
  )}</ul></nav>
${await Promise.all(sections.map(sectionHtml))}
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

function linkTo({ id, title, shortTitle = title }: Section): Markup {
  return markup`<a href="#${id}">${shortTitle}</a>`;
}

function answers(
  { answers: { broke, grew, slowed }, recordsPath }: ReportModel,
  sections: readonly Section[],
): Markup {
  const proofOf = (ids: readonly string[]) =>
    ids.flatMap((id) => sections.find((section) => section.id === id) ?? [])[0];
  const limits = ({ tone }: Answer) => (tone === "bad" ? ["budget"] : []);
  const parts = [
    { question: "Did anything break?", answer: broke, proofs: ["failures", "missing", "cells"] },
    { question: "Did it get bigger?", answer: grew, proofs: [...limits(grew), "sizes"] },
    {
      question: "Did it get slower?",
      answer: slowed,
      proofs: [...limits(slowed), "costs", "workloads"],
    },
  ];
  const samples = recordsPath === undefined ? {} : { recordsPath };
  const list = parts.map(({ proofs, ...part }) =>
    answer({ ...part, ...samples, proof: proofOf(proofs) }),
  );
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
  readonly proof: Section | undefined;
  readonly recordsPath?: string;
}): Markup {
  const symbol = { good: "✓", notice: "–", bad: "✗" }[tone];
  const links = [
    ...(proof === undefined ? [] : [linkTo(proof)]),
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
