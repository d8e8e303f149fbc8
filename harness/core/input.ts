/** Standard input, as `io.read` in Lua sees it. */
import { PromisedBytes } from "./byte-streams.ts";
import { EncodeError } from "./errors.ts";
import { bytesOf } from "./scalars.ts";

/** All of the input, or a function that gives some of it: nothing, or undefined, ends it. */
export type InputSource = string | Uint8Array | ((maxBytes: number) => Uint8Array | undefined);

export class Input {
  readonly #source: ((maxBytes: number) => Uint8Array | undefined) | undefined;
  /** What the source gave and the guest has not taken yet. */
  readonly #rest = new PromisedBytes();

  constructor(source: InputSource | undefined) {
    if (typeof source === "function") this.#source = source;
    else if (source !== undefined) this.#rest.promise(sourceBytes(source));
  }

  /** Fills as much of `room` as there is; returns how much, 0 at the end. */
  readInto(room: Uint8Array): number {
    const count = this.#rest.readInto(room);
    if (count > 0 || this.#source === undefined || room.length === 0) return count;
    const bytes = this.#source(room.length);
    if (bytes === undefined) return 0;
    this.#rest.promise(bytes.slice());
    return this.#rest.readInto(room);
  }
}

/** The bytes of a text or of bytes that a host gives. Throws EncodeError for a lone surrogate. */
export function sourceBytes(source: string | Uint8Array): Uint8Array {
  if (typeof source !== "string") return source.slice();
  const bytes = bytesOf(source);
  if (bytes === undefined) throw new EncodeError("a text with a lone surrogate has no UTF-8");
  return bytes;
}
