/** Markup that can't forget to escape: a template tag for HTML and XML; every value is text. */

/** Text that is markup already. Made by `markup` and `trusted` alone. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Value = string | number | Markup | readonly Markup[] | undefined;

/** markup`<td>${name}</td>`: strings are escaped, Markup stands as it is, undefined is nothing. */
export function markup(strings: TemplateStringsArray, ...values: readonly Value[]): Markup {
  const parts = strings.flatMap((text, index) => [text, textOf(values[index])]);
  return new Markup(parts.join(""));
}

/** Markup from a text that this harness made itself, such as a style sheet or a chart's SVG. */
export function trusted(text: string): Markup {
  return new Markup(text);
}

/** Escapes for element content and quoted attributes; characters that XML forbids become "�". */
export function escapeMarkup(text: string): string {
  return text
    .replace(forbidden, "�")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** What XML 1.0 section 2.2 leaves out of Char. Lone surrogates match as \p{Cs} with the u flag. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/gu;

function textOf(value: Value): string {
  if (value === undefined) return "";
  if (value instanceof Markup) return value.text;
  if (typeof value === "string" || typeof value === "number") return escapeMarkup(String(value));
  return value.map((part) => part.text).join("");
}
