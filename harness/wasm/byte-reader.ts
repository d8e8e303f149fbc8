/** Reads wasm's primitive encodings from a range of bytes, and never past its end. */

/** The bytes are no well-formed wasm module: what is wrong, and at which offset in the file. */
export class WasmFormatError extends Error {
  override readonly name = "WasmFormatError";
  readonly offset: number;

  constructor(problem: string, offset: number) {
    super(`${problem} at offset 0x${offset.toString(16)} (${offset})`);
    this.offset = offset;
  }
}

/** A cursor over `bytes[offset, end)`; every read is checked against `end`. */
export class ByteReader {
  readonly bytes: Uint8Array;
  readonly end: number;
  #offset: number;

  constructor(bytes: Uint8Array, offset = 0, end = bytes.length) {
    this.bytes = bytes;
    this.end = end;
    this.#offset = offset;
  }

  get offset(): number {
    return this.#offset;
  }

  get atEnd(): boolean {
    return this.#offset === this.end;
  }

  fail(problem: string, offset = this.#offset): never {
    throw new WasmFormatError(problem, offset);
  }

  u8(): number {
    const byte = this.#offset < this.end ? this.bytes[this.#offset] : undefined;
    if (byte === undefined) this.fail("unexpected end");
    this.#offset += 1;
    return byte;
  }

  /** The next byte, which stays unread. */
  peek(): number {
    const byte = this.u8();
    this.#offset -= 1;
    return byte;
  }

  /** LEB128, unsigned, 32 bits. */
  u32(): number {
    const start = this.#offset;
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.u8();
      if (shift === 28 && byte > 0x0f) this.fail("integer is longer than 32 bits", start);
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    return this.fail("integer is longer than 32 bits", start);
  }

  /** LEB128, signed, of at most 64 bits. */
  signed(bits: 32 | 33 | 64): bigint {
    const start = this.#offset;
    let value = 0n;
    for (let shift = 0; shift < bits; shift += 7) {
      const byte = this.u8();
      value |= BigInt(byte & 0x7f) << BigInt(shift);
      if (byte >= 0x80) continue;
      const extended = BigInt.asIntN(shift + 7, value);
      if (extended !== BigInt.asIntN(bits, extended)) break;
      return extended;
    }
    return this.fail(`integer is longer than ${bits} bits`, start);
  }

  /** The next `length` bytes, as a view. */
  take(length: number): Uint8Array {
    const start = this.#offset;
    this.skip(length);
    return this.bytes.subarray(start, start + length);
  }

  skip(length: number): void {
    if (length > this.end - this.#offset) this.fail(`${length} bytes run past the end`);
    this.#offset += length;
  }

  /** A name: its length and that many bytes of UTF-8. */
  name(): string {
    const start = this.#offset;
    const text = this.take(this.u32());
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(text);
    } catch {
      return this.fail("name is not UTF-8", start);
    }
  }

  /** A reader of the next `length` bytes alone; this one goes on behind them. */
  slice(length: number): ByteReader {
    const start = this.#offset;
    this.skip(length);
    return new ByteReader(this.bytes, start, start + length);
  }

  /** A vector: its count, then that many items; a count that can't fit is refused at once. */
  vector<Item>(readItem: (index: number) => Item): Item[] {
    const start = this.#offset;
    const count = this.u32();
    if (count > this.end - this.#offset) this.fail(`a count of ${count} runs past the end`, start);
    return Array.from({ length: count }, (_, index) => readItem(index));
  }

  expectEnd(what: string): void {
    if (!this.atEnd) this.fail(`${what} has ${this.end - this.#offset} bytes too many`);
  }
}
