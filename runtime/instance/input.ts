/** Standard input, as `io.read` in Lua sees it. */
import { PromisedBytes } from "../bytes/byte-streams.ts";
import { EncodeError, UsageError } from "../check/errors.ts";
import { copyOfBytes, isBytes } from "../check/given-bytes.ts";
import { shown } from "../check/shown.ts";
import { bytesOf } from "../scalar/scalars.ts";

/** All of the input, or a function that gives some of it: nothing, or undefined, ends it. */
export type InputSource = string | Uint8Array | InputFunction;

type InputFunction = (maxBytes: number) => string | Uint8Array | undefined;

export class Input {
  readonly #source: InputFunction | undefined;
  /** What the source gave and the guest has not taken yet. */
  readonly #rest = new PromisedBytes();

  constructor(source: InputSource | undefined) {
    if (typeof source === "function") this.#source = source;
    else if (source !== undefined) this.#rest.promise(sourceBytes(source, "the option input"));
  }

  /** Fills as much of `room` as there is; returns how much, 0 at the end. */
  readInto(room: Uint8Array): number {
    const count = this.#rest.readInto(room);
    if (count > 0 || this.#source === undefined || room.length === 0) return count;
    const bytes = this.#source(room.length);
    if (bytes === undefined) return 0;
    this.#rest.promise(sourceBytes(bytes, "what the input's function returns"));
    return this.#rest.readInto(room);
  }
}

/**
 * The option `input` as it is kept, bytes copied. Throws UsageError for what is none, EncodeError
 * for a text with a lone surrogate.
 */
export function ownInput(source: unknown): unknown {
  if (typeof source === "function") return source;
  if (isSource(source)) return sourceBytes(source, "the option input");
  throw new UsageError(
    `the option input is a text, bytes (a Uint8Array) or a function, not ${shown(source)}`,
  );
}

/** Whether it is a text or bytes; bytes of another realm are. */
export function isSource(source: unknown): source is string | Uint8Array {
  return typeof source === "string" || isBytes(source);
}

/**
 * A copy of the bytes of a text or of bytes that a host gives; `what` names it in the message.
 * Throws EncodeError for a lone surrogate, UsageError for what is neither text nor bytes.
 */
export function sourceBytes(source: unknown, what: string): Uint8Array<ArrayBuffer> {
  if (typeof source === "string") {
    const bytes = bytesOf(source);
    if (bytes !== undefined) return bytes;
    throw new EncodeError(`${what} has a lone surrogate, which has no UTF-8`);
  }
  return copyOfBytes(source, `${what} is a text or bytes (a Uint8Array)`);
}
