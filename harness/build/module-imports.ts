/** Which modules a TypeScript source names. */
import { initSync, parse } from "es-module-lexer";

/** An import, export-from, dynamic import or `new URL(…, import.meta.url)` with a literal. */
export interface ModuleImport {
  readonly specifier: string;
  /** From 1. */
  readonly line: number;
  readonly form: "static" | "dynamic" | "url";
}

initSync();

/** What the lexer says of an `import.meta`, and of an import that is none of a call. */
const ofMeta = -2;
const ofStatement = -1;

/** All modules that the source names with a literal, types too, in order. Throws for no source. */
export function moduleImports(source: string): readonly ModuleImport[] {
  // The lexer knows JavaScript, in which no `type` stands behind an export.
  const [found] = parse(source.replace(/\bexport type(?=\s*\{)/g, "export     "));
  return found.flatMap(({ n: specifier, s: start, d: kind }) => {
    if (kind === ofMeta) return urlBefore(source, start);
    if (specifier === undefined) return [];
    const form = kind === ofStatement ? "static" : "dynamic";
    return [{ specifier, line: lineAt(source, start), form }];
  });
}

/** Of `new URL("./a.wat", import.meta.url)`, where its `import.meta` is. */
function urlBefore(source: string, metaAt: number): readonly ModuleImport[] {
  if (!source.startsWith("import.meta.url", metaAt)) return [];
  const call = /\bnew\s+URL\s*\(\s*["']([^"']+)["']\s*,\s*$/.exec(source.slice(0, metaAt));
  const [whole = "", specifier] = call ?? [];
  if (call === null || specifier === undefined) return [];
  const at = call.index + whole.indexOf(specifier);
  return [{ specifier, line: lineAt(source, at), form: "url" }];
}

/** From 1. */
export function lineAt(source: string, offset: number): number {
  return source.slice(0, offset).split("\n").length;
}
