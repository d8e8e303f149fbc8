/** Tables of the page: wide ones scroll in a box of their own that a keyboard can reach. */
import { type Markup, markup } from "../markup.ts";

type Content = string | number | Markup | undefined;

export interface Column {
  readonly title: Content;
  /** Figures stand to the right, digit under digit. */
  readonly figure?: boolean;
}

export interface Table {
  /** What a screen reader calls the box. */
  readonly label: string;
  readonly caption?: string;
  readonly columns: readonly Column[];
  /** Another row of headings above the columns. */
  readonly over?: Markup;
  /** Cells made by rowHead, cell and figureCell. */
  readonly rows: readonly (readonly Markup[])[];
}

export function table({ label, caption, columns, over, rows }: Table): Markup {
  const heads = columns.map(({ title, figure = false }) =>
    figure
      ? markup`<th scope="col" class="figure">${title}</th>`
      : markup`<th scope="col">${title}</th>`,
  );
  const head = markup`<thead>${over}<tr>${heads}</tr></thead>`;
  const body = markup`<tbody>${rows.map((row) => markup`<tr>${row}</tr>\n`)}</tbody>`;
  const title = caption === undefined ? undefined : markup`<caption>${caption}</caption>`;
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="${label}">
<table>${title}${head}
${body}</table></div>`;
}

export function rowHead(content: Content): Markup {
  return markup`<th scope="row">${content}</th>`;
}

export function cell(content: Content): Markup {
  return markup`<td>${content}</td>`;
}

/** `tone` is a class of the style sheet: grew, shrank, bad, quiet. */
export function figureCell(content: Content, tone = ""): Markup {
  return markup`<td class="${`figure ${tone}`.trim()}">${content}</td>`;
}
