/** What the documents name, taken out of their text: commands, options, files, links. */

export interface Named {
  readonly document: string;
  readonly line: number;
  readonly text: string;
}

interface Document {
  /** From the project's folder. */
  readonly path: string;
  readonly text: string;
}

/** Commands of npm, with neither comments nor what a pipe or `&&` puts behind them. */
export function commandsIn(document: Document): readonly Named[] {
  return found(document, /\bnpm (?:run|test)\b[^\n`]*/g).flatMap((each) =>
    each.text
      .split(/\s(?:&&|#|\|)\s/)
      .filter((text) => /^npm (?:run|test)\b/.test(text))
      .map((text) => ({ ...each, text: text.replace(/[.;,)]*$/, "").trim() })),
  );
}

/** Options that stand in code by themselves. */
export function optionsIn(document: Document): readonly Named[] {
  return spansIn(document)
    .map((each) => ({ ...each, text: /^--[a-z][\w-]*/.exec(each.text)?.[0] ?? "" }))
    .filter(({ text }) => text !== "");
}

/** Code that reads like a path of a file of ours. */
export function pathsIn(document: Document): readonly Named[] {
  const folders = "docs|harness|lua|reports|runtime|scripts|suites|tests|zig";
  const ours = new RegExp(`^(?:\\.ci|\\.github|benchmarks|${folders})/[\\w./*-]*$`);
  return spansIn(document).filter(({ text }) => ours.test(text));
}

/** Targets of links that are no addresses. */
export function linksIn(document: Document): readonly Named[] {
  return found(document, /(?<=\]\()[^)\s]+(?=\))/g).filter(({ text }) => !/^https?:/.test(text));
}

/** The heading's address, as GitHub makes it. */
export function anchorOf(heading: string): string {
  const words = heading.toLowerCase().replaceAll(/[^\p{L}\p{N}\s_-]/gu, "");
  return words.trim().replaceAll(/\s/g, "-");
}

/** The first cells of the table that begins with a head of those cells: code without its ticks. */
export function firstColumn(text: string, head: string): readonly string[] {
  const [, rows = ""] = text.split(`\n${head}\n`);
  const [table = ""] = rows.split(/\n(?!\s*\|)/);
  return table
    .split("\n")
    .slice(1)
    .map((row) => row.split("|")[1]?.trim() ?? "");
}

/** The words of a command line, quotes taken off. */
export function wordsOf(command: string): readonly string[] {
  const words = [...command.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)];
  return words.map(([, single, double, bare]) => single ?? double ?? bare ?? "");
}

function spansIn(document: Document): readonly Named[] {
  return found(document, /(?<=`)[^`\n]+(?=`)/g).filter(({ text }) => !text.includes("npm run"));
}

function found({ path, text }: Document, pattern: RegExp): readonly Named[] {
  return [...text.matchAll(pattern)].map((match) => ({
    document: path,
    line: text.slice(0, match.index).split("\n").length,
    text: match[0],
  }));
}
