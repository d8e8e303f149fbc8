/** The Lua modules that the host has for `require`, and code that is too long for the buffer. */
import { sourceBytes } from "./input.ts";
import { lenientTextOf } from "./scalars.ts";
import { bytesOfLatin1 } from "./table-key.ts";

/** The source of a module by its name; undefined when there is none. */
export type ModuleSource =
  | ReadonlyMap<string, string | Uint8Array>
  | ((name: string) => string | Uint8Array | undefined);

interface Pull {
  readonly name: string;
  readonly offset: number;
  readonly max: number;
}

export class Modules {
  readonly #source: ModuleSource | undefined;
  /** The code of the call under way, which the guest pulls under an empty name. */
  #code: Uint8Array | undefined;
  /** The module that is being pulled piece by piece: the source is asked once. */
  #pulled: { readonly name: string; readonly bytes: Uint8Array } | undefined;

  constructor(source: ModuleSource | undefined) {
    this.#source = source;
  }

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
      const source = this.#find(lenientTextOf(bytesOfLatin1(name)));
      this.#pulled = source === undefined ? undefined : { name, bytes: sourceBytes(source) };
    }
    const bytes = this.#pulled?.bytes;
    if (bytes !== undefined && offset + max >= bytes.length && max > 0) this.#pulled = undefined;
    return bytes;
  }

  #find(name: string): string | Uint8Array | undefined {
    return typeof this.#source === "function" ? this.#source(name) : this.#source?.get(name);
  }
}
