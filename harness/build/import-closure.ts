/** The import closure of modules, hashed: what an outcome depends on besides the wasm. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { moduleImports } from "./module-imports.ts";

/** Reads a file by its URL. */
type ReadText = (url: URL) => Promise<string>;
const readText: ReadText = (url) => readFile(url, "utf8");

/** A file that a module names is not there. */
export class ImportClosureError extends Error {
  override readonly name = "ImportClosureError";
}

/**
 * Lower-case hexadecimal SHA-256 over all files that the roots reach by relative specifiers, type
 * imports too, in the order of their names relative to `base`: the same wherever the tree lies.
 * Throws ImportClosureError for a file that is missing.
 */
export async function importClosureHash(options: {
  readonly roots: readonly URL[];
  readonly base: URL;
  /** By default from the disk. */
  readonly read?: ReadText;
}): Promise<string> {
  const texts = await importClosure({ read: readText, ...options });
  const hash = createHash("sha256");
  for (const [name, text] of [...texts].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const path = name.startsWith(options.base.href) ? name.slice(options.base.href.length) : name;
    hash.update(`${path}\0${text.length}\0${text}\0`);
  }
  return hash.digest("hex");
}

/** The text of each file of the closure, by its URL. */
async function importClosure(options: {
  readonly roots: readonly URL[];
  readonly read: ReadText;
}): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  const pending = options.roots.map((url) => ({ url, from: "the run" }));
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { url, from } = next;
    if (texts.has(url.href)) continue;
    const text = await options.read(url).catch((cause: unknown) => {
      throw new ImportClosureError(`${url.href}, named by ${from}, cannot be read`, { cause });
    });
    texts.set(url.href, text);
    if (!/\.[cm]?[jt]s$/.test(url.pathname)) continue;
    for (const { specifier } of moduleImports(text)) {
      if (specifier.startsWith(".")) pending.push({ url: new URL(specifier, url), from: url.href });
    }
  }
  return texts;
}
