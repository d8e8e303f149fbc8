/** Which modules a TypeScript source names: read from its tokens, past comments and strings. */

/** An import, export-from, dynamic import or `new URL(…, import.meta.url)` with a literal. */
export interface ModuleImport {
  readonly specifier: string;
  /** From 1. */
  readonly line: number;
  readonly form: "static" | "dynamic" | "url";
}

/** All modules that the source names with a literal, in order. */
export function moduleImports(source: string): readonly ModuleImport[] {
  const code = maskSource(source);
  const forms: readonly (readonly [ModuleImport["form"], RegExp])[] = [
    ["static", /^[ \t]*(?:import|export)\b[^;"'`()]*?\bfrom\s*(["'])/gm],
    ["static", /^[ \t]*import\s*(["'])/gm],
    ["dynamic", /\bimport\s*\(\s*(["'])/g],
    ["url", /\bnew\s+URL\s*\(\s*(["'])(?=[^"']*["']\s*,\s*import\.meta\.url)/g],
  ];
  const found = forms.flatMap(([form, pattern]) =>
    [...code.matchAll(pattern)].map((match) => {
      const begin = match.index + match[0].length;
      const quote = match[1] ?? '"';
      return { begin, specifier: source.slice(begin, source.indexOf(quote, begin)), form };
    }),
  );
  return found
    .sort((a, b) => a.begin - b.begin)
    .map(({ begin, specifier, form }) => ({ specifier, line: lineAt(source, begin), form }));
}

export function lineAt(source: string, offset: number): number {
  return source.slice(0, offset).split("\n").length;
}

/**
 * The source with comments and the insides of strings, templates and regular expressions blanked;
 * quotes, line ends and all offsets stay. What stands in `${}` of a template counts as text.
 */
export function maskSource(source: string): string {
  return source.replace(tokens, (token) => {
    if (token.startsWith("//") || token.startsWith("/*")) return blank(token);
    return token.charAt(0) + blank(token.slice(1, -1)) + token.charAt(0);
  });
}

/** A slash begins a regular expression where no value stands before it; it ends on its own line. */
const tokens = new RegExp(
  [
    /\/\*[\s\S]*?\*\/|\/\/[^\n]*/,
    /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/,
    /`(?:\\[\s\S]|\$\{(?:[^`{}]|`[^`]*`|\{[^{}]*\})*\}|[^`\\])*`/,
    /(?<=(?:[=(,:[!&|?{};]|=>|\breturn)\s*)\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\//,
  ]
    .map(({ source }) => source)
    .join("|"),
  "g",
);

function blank(text: string): string {
  return text.replace(/[^\n]/g, " ");
}
