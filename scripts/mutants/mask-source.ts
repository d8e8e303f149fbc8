/** The code of a source alone: comments and texts are no place for a fault. */

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
