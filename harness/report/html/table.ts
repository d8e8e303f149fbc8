/** Tables of the page: wide ones scroll in a box of their own that a keyboard can reach. */
import { type Markup, markup } from "../markup.ts";

type Content = string | number | Markup | undefined;

export interface Column {
  readonly title: Content;
  /** Figures stand to the right, digit under digit. */
  readonly figure?: boolean;
  /** What the tag of the heading says besides. */
  readonly attributes?: Markup;
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
  /** What the tag of each row says besides, by its place. */
  readonly rowAttributes?: readonly Markup[];
}

export function table({ label, caption, columns, over, rows, rowAttributes }: Table): Markup {
  const heads = columns.map(({ title, figure = false, attributes }) =>
    figure
      ? markup`<th scope="col" class="figure"${attributes}>${title}</th>`
      : markup`<th scope="col"${attributes}>${title}</th>`,
  );
  const head = markup`<thead>${over}<tr>${heads}</tr></thead>`;
  const body = markup`<tbody>${rows.map(
    (row, index) => markup`<tr${rowAttributes?.[index]}>${row}</tr>\n`,
  )}</tbody>`;
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

/** A table whose first rows are shown, and the others folded below them. */
export function longTable(
  { rows, rowAttributes: _, label, ...shape }: Table,
  { shown, rest }: { readonly shown: number; readonly rest: string },
): Markup {
  const first = table({ ...shape, label, rows: rows.slice(0, shown) });
  if (rows.length <= shown) return first;
  const { caption: _caption, ...untitled } = shape;
  const others = table({ ...untitled, label: `${label}, the others`, rows: rows.slice(shown) });
  return markup`${first}<details class="contents"><summary>${rest}</summary>${others}</details>`;
}
