/** A section as HTML: headings, tables that scroll in boxes of their own, figures, folds. */
import type { Chart } from "../chart/chart.ts";
import { type Markup, markup, trusted } from "../markup.ts";
import type {
  Cell,
  ChartsPart,
  Column,
  Data,
  FactsPart,
  FiltersPart,
  FoldPart,
  KeyEntry,
  Part,
  ProblemPart,
  Row,
  Section,
  Table,
} from "../section/section.ts";
import { renderSvg } from "./svg.ts";

const messageCharactersShown = 8000;
/** Longer names are cut where the column ends; their tag says them whole. */
const nameCharactersShown = 32;

export async function sectionHtml({ id, title, parts }: Section): Promise<Markup> {
  return markup`<section id="${id}"><h2>${title}</h2>
${await partsHtml(parts)}</section>`;
}

async function partsHtml(parts: readonly Part[]): Promise<readonly Markup[]> {
  return Promise.all(parts.map(partHtml));
}

async function partHtml(part: Part): Promise<Markup> {
  switch (part.kind) {
    case "text":
      return markup`<p>${part.text}</p>\n`;
    case "heading": {
      const code = part.code === undefined ? undefined : markup`<code>${part.code}</code>: `;
      return markup`<h3>${code}${part.text}</h3>\n`;
    }
    case "table":
      return longTable(part.table);
    case "charts":
      return chartsHtml(part);
    case "fold":
      return foldHtml(part);
    case "columns": {
      const columns = await Promise.all(
        part.columns.map(async (column) => markup`<div>${await partsHtml(column)}</div>`),
      );
      return markup`<div class="pair${part.isWide === true ? " wide" : ""}">${columns}</div>\n`;
    }
    case "problem":
      return problemHtml(part);
    case "facts":
      return factsHtml(part);
    case "filters":
      return filtersHtml(part);
  }
}

async function chartsHtml({ charts, key }: ChartsPart): Promise<Markup> {
  const figures = await Promise.all(charts.map(figureHtml));
  return markup`<div class="charts">${figures}</div>${keyHtml(key)}\n`;
}

async function figureHtml(chart: Chart): Promise<Markup> {
  const title = chart.isCode === true ? markup`<code>${chart.title}</code>` : chart.title;
  return markup`<figure><figcaption>${title}</figcaption>
<div role="img" aria-label="${chart.caption}">${await renderSvg(chart)}</div></figure>`;
}

function keyHtml(key: readonly KeyEntry[]): Markup | undefined {
  if (key.length === 0) return undefined;
  const entries = key.map(({ text, mark, color }) => {
    const style = color === undefined ? undefined : markup` style="--color: ${color}"`;
    const looks = { dot: "dot", hollow: "dot hollow", tick: "tick" } as const;
    return markup`<li><span class="${looks[mark]}"${style}></span>${text}</li>`;
  });
  return markup`<ul class="key">${entries}</ul>`;
}

async function foldHtml({ title, isCode = false, note, parts }: FoldPart): Promise<Markup> {
  const name = isCode ? markup`<code>${title}</code>` : title;
  const said = note === undefined ? undefined : markup` <span class="quiet">${note}</span>`;
  return markup`<details class="contents"><summary>${name}${said}</summary>
${await partsHtml(parts)}</details>\n`;
}

function problemHtml({ what, place, title, message, repro, others }: ProblemPart): Markup {
  const where = place.flatMap((cell) => [markup` `, textHtml(cell)]);
  return markup`<article class="problem">
<h3><span class="state bad">${what}</span>${where}</h3>
${title === undefined ? undefined : markup`<p>${title}</p>`}
<pre tabindex="0">${message.slice(0, messageCharactersShown)}</pre>
<p class="repro"><span>Repeat</span> <code>${repro}</code></p>
${othersHtml(others)}
</article>
`;
}

function othersHtml(commands: readonly string[]): Markup | undefined {
  if (commands.length === 0) return undefined;
  const list = commands.map((command) => markup`<li><code>${command}</code></li>`);
  const outcomes = commands.length === 1 ? "1 other outcome" : `${commands.length} other outcomes`;
  return markup`<details><summary>The same in ${outcomes}</summary>
<ul class="commands">${list}</ul></details>`;
}

function factsHtml({ facts }: FactsPart): Markup {
  const list = facts.map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`);
  return markup`<dl>${list}</dl>`;
}

/** Hidden until the script runs (filters.ts). */
function filtersHtml({ choices }: FiltersPart): Markup {
  const selects = choices.map(({ name, label, values }) => {
    const options = values.map(
      ({ value, word }) => markup`<option value="${value}">${word}</option>`,
    );
    return markup`<label>${label}
<select name="${dataName(name)}"><option value="">all</option>${options}</select></label>
`;
  });
  return markup`<form id="filters" aria-label="Filter the cells" hidden>${selects}
<button type="reset">Show all</button> <output id="filter-status" role="status"></output></form>`;
}

/** As scripts name what the attribute data-axis-target holds: axisTarget. */
function dataName(name: string): string {
  return name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** A table whose first rows are shown, and the others folded below them. */
function longTable(whole: Table): Markup {
  const { rows, openRows = rows.length, label } = whole;
  const first = tableHtml({ ...whole, rows: rows.slice(0, openRows) });
  const rest = rows.slice(openRows);
  if (rest.length === 0) return first;
  const { caption: _, ...untitled } = whole;
  const others = tableHtml({ ...untitled, label: `${label}, the others`, rows: rest });
  return markup`${first}<details class="contents"><summary>${rest.length} more</summary>
${others}</details>\n`;
}

/** Wide ones scroll in a box of their own that a keyboard can reach. */
function tableHtml({ label, caption, columns, rows }: Table): Markup {
  const heads = columns.map(({ title, isFigure = false, data }) => {
    const look = isFigure ? markup` class="figure"` : undefined;
    return markup`<th scope="col"${look}${dataHtml(data)}>${title}</th>`;
  });
  const title = caption === undefined ? undefined : markup`<caption>${caption}</caption>`;
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="${label}">
<table>${title}<thead><tr>${heads}</tr></thead>
<tbody>${rows.map((row) => rowHtml(row, columns))}</tbody></table></div>\n`;
}

function rowHtml({ cells, data }: Row, columns: readonly Column[]): Markup {
  const [head, ...others] = cells;
  const first =
    head === undefined
      ? undefined
      : markup`<th scope="row"${noteHtml(head)}>${contentHtml(head)}</th>`;
  return markup`<tr${dataHtml(data)}>${first}${others.map((cell, index) =>
    cellHtml(cell, columns[index + 1]?.isFigure === true),
  )}</tr>\n`;
}

function cellHtml(cell: Cell, isFigure: boolean): Markup {
  const { tone, share, isState = false, data } = cell;
  const looks = [
    ...(isFigure ? ["figure"] : []),
    ...(isState ? ["cell"] : []),
    ...(share === undefined ? [] : ["bar"]),
    ...(tone === undefined ? [] : [tone]),
  ];
  const look = looks.length === 0 ? undefined : markup` class="${looks.join(" ")}"`;
  const style =
    share === undefined ? undefined : markup` style="--share: ${(100 * share).toFixed(1)}%"`;
  return markup`<td${look}${style}${noteHtml(cell)}${dataHtml(data)}>${contentHtml(cell)}</td>`;
}

function noteHtml({ note, aside }: Cell): Markup | undefined {
  const said = note ?? aside;
  return said === undefined || said === "" ? undefined : markup` title="${said}"`;
}

function contentHtml(cell: Cell): Markup {
  const { details, aside } = cell;
  const behind = aside === undefined ? undefined : markup` <span class="aside">${aside}</span>`;
  const content = markup`${textHtml(cell)}${behind}`;
  if (details === undefined) return content;
  const list = details.map((each) => markup`<p>${each}</p>`);
  return markup`<details><summary>${content}</summary>${list}</details>`;
}

function textHtml({ text, look, prefix = "" }: Cell): Markup {
  switch (look) {
    case "strong":
      return markup`<strong>${text}</strong>`;
    case "repeated":
      return markup`<span class="again">${text}</span>`;
    case "code": {
      if (text.length > nameCharactersShown) {
        return markup`<code class="long" title="${text}">${text}</code>`;
      }
      const said = prefix === "" ? undefined : markup`<span class="prefix">${prefix}</span>`;
      return markup`<code>${said}${text.slice(prefix.length)}</code>`;
    }
    default:
      return markup`${text}`;
  }
}

/** What filters find by; a name that is no attribute's, as a foreign axis may have, is left out. */
function dataHtml(data: Data = {}): Markup {
  const known = Object.entries(data).filter(([name]) => /^[a-z]+(-[a-z]+)*$/.test(name));
  return markup`${known.map(([name, value]) => markup` data-${trusted(name)}="${value}"`)}`;
}
