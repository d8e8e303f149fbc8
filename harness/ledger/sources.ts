/** Which function is defined in which source file: read off C, Zig and wat text, not compiled. */

export interface SourceFile {
  /** "lua/lvm.c", "zig/core/snapshot/Reader.zig", "zig/libc/printf.zig", "unwind-eh.wat". */
  readonly path: string;
  readonly text: string;
}

/** A Zig file: names in the wasm begin with where it lies, and end with what it declares. */
export interface ZigModule {
  readonly group: string;
  readonly functions: ReadonlySet<string>;
  /** Structs, enums and the like, and functions that may return one. */
  readonly containers: ReadonlySet<string>;
}

export interface SourceIndex {
  /** The groups in which a name without dots is defined: C functions, exports of Zig, of wat. */
  readonly plain: ReadonlyMap<string, ReadonlySet<string>>;
  /** By place below the root file: "snapshot.Reader"; a name may stand for a file of two roots. */
  readonly zigModules: ReadonlyMap<string, readonly ZigModule[]>;
}

/** The group of a file's functions: the path, but for what has a name of its own. */
function groupOf(path: string): string {
  if (path.endsWith(".wat")) return "unwind";
  return path.replace(/^zig\/libc\//, "libc/");
}

export function indexSources(files: readonly SourceFile[]): SourceIndex {
  const plain = new Map<string, Set<string>>();
  const zigModules = new Map<string, ZigModule[]>();
  for (const { path, text } of files) {
    const group = groupOf(path);
    for (const name of plainNamesOf(path, text)) {
      plain.set(name, (plain.get(name) ?? new Set()).add(group));
    }
    if (!path.endsWith(".zig")) continue;
    const place = path
      .replace(/^zig\/[^/]+\//, "")
      .replace(/\.zig$/, "")
      .replaceAll("/", ".");
    const found = zigModules.get(place) ?? [];
    found.push({ group, ...declarationsOf(text) });
    zigModules.set(place, found);
  }
  return { plain, zigModules };
}

function plainNamesOf(path: string, text: string): readonly string[] {
  if (path.endsWith(".c")) return cFunctionsOf(text);
  if (path.endsWith(".zig")) return zigExportsOf(text);
  if (path.endsWith(".wat")) return captures(text, /\(func (?:\$\w+ )?\(export "(\w+)"\)/g);
  return [];
}

/**
 * Definitions that begin a line, as in all of Lua's sources and ours: a type, a name, parameters
 * without a semicolon or brace, a brace. Macros that make functions are not seen.
 */
function cFunctionsOf(text: string): readonly string[] {
  const code = text.replace(/\/\*[^]*?\*\//g, " ").replace(/"(?:\\.|[^"\\\n])*"/g, '""');
  const definition =
    /^(?![#\s}])(?:[A-Za-z_][\w \t*]*?[\s*])\(?([A-Za-z_]\w*)\)?\s*\([^;{}]*?\)\s*\{/gm;
  return captures(code, definition);
}

/** What Zig gives the linker by name: `export fn`, `@export`, and libc's tables of symbols. */
function zigExportsOf(text: string): readonly string[] {
  const symbolTable = /\bsymbols = \.\{([^}]*)\}/.exec(text)?.[1] ?? "";
  return [
    ...captures(text, /\bexport fn (\w+)\(/g),
    ...captures(text, /@export\(.*\.name = "(\w+)"/g),
    ...captures(symbolTable, /\.(\w+) = &/g),
  ];
}

function declarationsOf(text: string): Pick<ZigModule, "functions" | "containers"> {
  const kinds = "(?:extern |packed )?(?:struct|enum|union|opaque)";
  return {
    functions: new Set(captures(text, /\bfn (?:@")?(\w+)/g)),
    containers: new Set([
      ...captures(text, new RegExp(`\\bconst (\\w+)(?:: type)? = ${kinds}\\b`, "g")),
      ...captures(text, /\bfn (\w+)\([^{;]*?\) type \{/g),
    ]),
  };
}

function captures(text: string, pattern: RegExp): readonly string[] {
  return [...text.matchAll(pattern)].flatMap(([, name]) => (name === undefined ? [] : [name]));
}
