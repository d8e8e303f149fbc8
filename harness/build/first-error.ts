/** Finds the first error in what a compiler, linker or wasm tool said. */

/**
 * The line of the first error with paths relative to `root`, and the line of source that Zig and
 * clang print under it; undefined when no line looks like an error.
 */
export function firstError(log: string, root: string): string | undefined {
  const lines = log.split("\n").map((line) => line.trimEnd());
  const at = lines.findIndex((line) => isError(line));
  const line = lines[at];
  if (line === undefined) return undefined;
  const source = lines[at + 1];
  const shown = source !== undefined && /^\s+\S/.test(source) ? `${line} — ${source.trim()}` : line;
  return shown.replaceAll(`${root}/`, "").trim();
}

/** "zig/a.zig:1:2: error: …", "error: …", Binaryen's "[parse exception: …" and "Fatal: …". */
function isError(line: string): boolean {
  if (/^error: the following command|^error: \d+ compilation errors/.test(line)) return false;
  return /(^|: )(fatal )?error: |^Fatal: |^\[.*(exception|validator error)/.test(line);
}
