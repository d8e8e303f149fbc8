/** The scalars that JavaScript has no exact value for, Lua's floats and byte strings, and UTF-8. */
import { UsageError } from "../check/errors.ts";
import { copyOfBytes } from "../check/given-bytes.ts";
import { shown } from "../check/shown.ts";

/** A Lua float whose number would read as an integer: 1.0 is not 1 in Lua (`math.type`). */
export class LuaFloat {
  readonly #value: number;

  /** Throws UsageError for what is no number. */
  constructor(value: number) {
    if (typeof value !== "number") throw new UsageError(`a LuaFloat of ${shown(value)}`);
    this.#value = value;
  }

  get value(): number {
    return this.#value;
  }

  equals(other: LuaFloat): boolean {
    return Object(other) === other && #value in other && Object.is(this.#value, other.#value);
  }

  valueOf(): number {
    return this.#value;
  }

  toString(): string {
    return Number.isInteger(this.value) && Math.abs(this.value) < 1e21
      ? `${Object.is(this.value, -0) ? "-0" : this.value}.0`
      : String(this.value);
  }
}

const strictDecoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const lenientDecoder = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();
/** In a pattern with the flag u, paired surrogates are one character: this finds lone ones. */
const loneSurrogate = /\p{Surrogate}/u;

/** An immutable Lua string that is not valid UTF-8, or any Lua string with `strings: "bytes"`. */
export class LuaBytes {
  readonly #bytes: Uint8Array<ArrayBuffer>;

  /** Copies; a text is taken as UTF-8. Throws UsageError for what is neither. */
  constructor(source: Uint8Array | string) {
    this.#bytes =
      typeof source === "string"
        ? encoder.encode(source)
        : copyOfBytes(source, "a LuaBytes is made of a text or bytes (a Uint8Array)");
  }

  get length(): number {
    return this.#bytes.length;
  }

  /** The byte at `index`, or undefined beyond the end. */
  at(index: number): number | undefined {
    return typeof index === "number" ? this.#bytes[index] : undefined;
  }

  /** A copy, of no more than the first `count` bytes. */
  toBytes(count: number = this.length): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, Number(count));
  }

  equals(other: LuaBytes): boolean {
    if (Object(other) !== other || !(#bytes in other)) return false;
    return this.length === other.length && this.#bytes.every((byte, i) => byte === other.at(i));
  }

  /** The text, with U+FFFD for what is not UTF-8. */
  toString(): string {
    return lenientDecoder.decode(this.#bytes);
  }
}

/** The text of bytes that are valid UTF-8; undefined when they are not. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return strictDecoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** The text of bytes, with U+FFFD for what is not UTF-8. */
export function lenientTextOf(bytes: Uint8Array): string {
  return lenientDecoder.decode(bytes);
}

/** The UTF-8 of a text; undefined when a lone surrogate in it has none. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> | undefined {
  return loneSurrogate.test(text) ? undefined : encoder.encode(text);
}
