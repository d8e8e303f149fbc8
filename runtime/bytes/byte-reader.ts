/** Reads little-endian figures from bytes of unknown origin, each checked against what is there. */
import { valueTags } from "../abi/abi.ts";
import { DecodeError } from "../check/errors.ts";

export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get at(): number {
    return this.#at;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  i64(): bigint {
    return this.#view.getBigInt64(this.#take(8), true);
  }

  f64(): number {
    return this.#view.getFloat64(this.#take(8), true);
  }

  /** The next bytes, not copied. */
  bytes(count: number): Uint8Array {
    const at = this.#take(count);
    return this.#bytes.subarray(at, at + count);
  }

  /** A u32 that counts values or entries of at least `bytesEach`: no more than can be there. */
  count(bytesEach: number): number {
    const count = this.u32();
    if (count * bytesEach > this.left) {
      throw new DecodeError(
        `${count} are announced at byte ${this.#at - 4}, ${this.left} bytes left`,
      );
    }
    return count;
  }

  /** Throws DecodeError when bytes are left over. */
  end(): void {
    if (this.left !== 0)
      throw new DecodeError(`${this.left} bytes are left behind byte ${this.#at}`);
  }

  /** Steps over a payload of a tag that holds no other values; false for a tag that does. */
  skipScalar(tag: number): boolean {
    switch (tag) {
      case valueTags.nil:
        return true;
      case valueTags.boolean: {
        if (this.u8() > 1) throw new DecodeError(`no boolean at byte ${this.#at - 1}`);
        return true;
      }
      case valueTags.integer:
      case valueTags.float:
        this.#take(8);
        return true;
      case valueTags.string:
        this.#take(this.u32());
        return true;
      default:
        return false;
    }
  }

  #take(count: number): number {
    const at = this.#at;
    if (count > this.left) {
      throw new DecodeError(`${count} bytes are wanted at byte ${at}, ${this.left} are left`);
    }
    this.#at = at + count;
    return at;
  }
}
