/** The pieces that report.md is written with: tables, folds, and text that holds no markup. */

export function table({
  head,
  rows,
  right = [],
}: {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly right?: readonly number[];
}): string {
  const rule = head.map((_, index) => (right.includes(index) ? "---:" : "---"));
  return [head, rule, ...rows]
    .map((row) => `| ${row.join(" | ")} |`)
    .join("\n")
    .concat("\n");
}

export function fold(summary: string, body: string, open = false): string {
  const tag = open ? "<details open>" : "<details>";
  return `${tag}<summary>${cell(summary)}</summary>\n\n${body}\n</details>\n`;
}

/** Text within a table or a line: no markup of its own, no line break. */
export function cell(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replace(/[\\`*_[\]|]/g, "\\$&");
}

/** Inline code, in ticks that are longer than any within; `|` would end a table's cell. */
export function code(text: string): string {
  const line = text.replace(/\s+/g, " ").replaceAll("|", "\\|");
  const ticks = "`".repeat(longestTicks(line) + 1);
  const space = line.startsWith("`") || line.endsWith("`") ? " " : "";
  return `${ticks}${space}${line}${space}${ticks}`;
}

export function fence(text: string): string {
  const shown = text.length > 4000 ? `${text.slice(0, 4000)}\n… (cut)` : text;
  const ticks = "`".repeat(Math.max(3, longestTicks(shown) + 1));
  return `${ticks}\n${shown}\n${ticks}\n`;
}

function longestTicks(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
}
