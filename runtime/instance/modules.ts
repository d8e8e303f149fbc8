/** The Lua modules that the host has for `require`, and code that is too long for the buffer. */

import { bytesOfLatin1 } from "../bytes/latin1.ts";
import { UsageError } from "../check/errors.ts";
import { shown } from "../check/shown.ts";
import { lenientTextOf } from "../scalar/scalars.ts";
import { isSource, sourceBytes } from "./input.ts";

/** The source of a module by its name; undefined when there is none. */
export type ModuleSource =
  | ReadonlyMap<string, string | Uint8Array>
  | { readonly [name: string]: string | Uint8Array }
  | ((name: string) => string | Uint8Array | undefined);

type FindSource = (name: string) => string | Uint8Array | undefined;

interface Pull {
  readonly name: string;
  readonly offset: number;
  readonly max: number;
}

export class Modules {
  readonly #find: FindSource;
  /** The code of the call under way, which the guest pulls under an empty name. */
  #code: Uint8Array | undefined;
  /** The module that is being pulled piece by piece: the source is asked once. */
  #pulled: { readonly name: string; readonly bytes: Uint8Array } | undefined;

  constructor(source: ModuleSource | undefined) {
    this.#find = finderOf(source);
  }

  /** undefined: there is none any more. */
  provideCode(code: Uint8Array | undefined): void {
    this.#code = code;
  }

  /**
   * The bytes of a module, whose name is one character for each byte; undefined: there is none.
   * A guest asks with `max` 0 first, then takes it piece by piece.
   */
  pull({ name, offset, max }: Pull): Uint8Array | undefined {
    if (name === "") return this.#code;
    const isUnderWay = this.#pulled?.name === name && (offset > 0 || max > 0);
    if (!isUnderWay) {
      const text = lenientTextOf(bytesOfLatin1(name));
      const source = this.#find(text);
      this.#pulled =
        source === undefined
          ? undefined
          : { name, bytes: loadable(sourceBytes(source, sourceOf(text))) };
    }
    const bytes = this.#pulled?.bytes;
    if (bytes !== undefined && offset + max >= bytes.length && max > 0) this.#pulled = undefined;
    return bytes;
  }
}

const [newline, hash, bytecodeMark] = [0x0a, 0x23, 0x1b];
const byteOrderMark = [0xef, 0xbb, 0xbf];

/**
 * A source without what Lua skips in files: a UTF-8 byte order mark, and a first line that begins
 * with "#", of which the end stays, so that lines keep their numbers (luaL_loadfilex).
 */
function loadable(source: Uint8Array): Uint8Array {
  const start = byteOrderMark.every((byte, i) => source[i] === byte) ? byteOrderMark.length : 0;
  if (source[start] !== hash) return source.subarray(start);
  const end = source.indexOf(newline, start);
  if (end < 0) return source.subarray(source.length);
  // Bytecode has no line that another one could be.
  return source.subarray(source[end + 1] === bytecodeMark ? end + 1 : end);
}

/**
 * The option `modules` as it is kept: a plain object's names as they are now. Throws UsageError for
 * what is none, or holds what is no source.
 */
export function ownModules(source: unknown): unknown {
  if (typeof source === "function") return source;
  if (!isMapLike(source) && !isPlain(source)) {
    throw new UsageError(
      "the option modules is a Map or an object from name to source, or a function, " +
        `not ${shown(source)}`,
    );
  }
  const isMap = isMapLike(source);
  const entries = isMap ? Map.prototype.entries.call(source) : Object.entries(source);
  const map = new Map<unknown, unknown>(entries);
  for (const [name, each] of map) {
    if (isSource(each)) continue;
    const what = `the option modules: ${sourceOf(String(name))}`;
    throw new UsageError(`${what} is a text or bytes (a Uint8Array), not ${shown(each)}`);
  }
  return isMap ? source : map;
}

/** A Map is asked each time; the names of a plain object are its own, as they are now. */
function finderOf(source: ModuleSource | undefined): FindSource {
  if (source === undefined) return () => undefined;
  if (typeof source === "function") return source;
  const map = isMapLike(source) ? source : new Map(Object.entries(source));
  return (name) => map.get(name);
}

function sourceOf(name: string): string {
  return `the source of module ${shown(name)}`;
}

/** A Map, of another realm too. */
function isMapLike(value: unknown): value is ReadonlyMap<string, string | Uint8Array> {
  return Object.prototype.toString.call(value) === "[object Map]";
}

function isPlain(value: unknown): value is { readonly [name: string]: string | Uint8Array } {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
