/** The linear memory of one instance: every pointer and length from the guest is checked here. */
import { type KeptBytes, keep, writeKept } from "../bytes/kept-bytes.ts";
import { latin1Of } from "../bytes/latin1.ts";

export class GuestMemory {
  /** The memory never grows, so one view serves for good. Empty until the instance is there. */
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  #view = new DataView(new ArrayBuffer(0));

  attach(buffer: ArrayBuffer): void {
    this.#bytes = new Uint8Array(buffer);
    this.#view = new DataView(buffer);
  }

  /** The bytes there, not copied; undefined when the range does not lie in the memory. */
  range(pointer: number, length: number): Uint8Array<ArrayBuffer> | undefined {
    const start = pointer >>> 0;
    const end = start + (length >>> 0);
    return end <= this.#bytes.length ? this.#bytes.subarray(start, end) : undefined;
  }

  /** Whether the range lies in the memory. */
  has(pointer: number, length: number): boolean {
    return (pointer >>> 0) + (length >>> 0) <= this.#bytes.length;
  }

  /** A copy of the bytes there; undefined when they do not lie in the memory. */
  copy(pointer: number, length: number): Uint8Array<ArrayBuffer> | undefined {
    if (!this.has(pointer, length)) return undefined;
    const start = pointer >>> 0;
    return this.#bytes.slice(start, start + (length >>> 0));
  }

  /** A copy in the form in which external tables keep it; undefined as above. */
  keep(pointer: number, length: number): KeptBytes | undefined {
    if (!this.has(pointer, length)) return undefined;
    const start = pointer >>> 0;
    return keep(this.#bytes, { start, end: start + (length >>> 0) });
  }

  /** The bytes there, one character each; undefined when they do not lie in the memory. */
  latin1(pointer: number, length: number): string | undefined {
    if (!this.has(pointer, length)) return undefined;
    const start = pointer >>> 0;
    return latin1Of(this.#bytes, { start, end: start + (length >>> 0) });
  }

  /** Writes bytes where `max` of them fit; returns their length in any case. */
  offer(bytes: KeptBytes, pointer: number, max: number): number | undefined {
    if (!this.has(pointer, max)) return undefined;
    if (bytes.length <= max >>> 0) writeKept(bytes, this.#bytes, pointer >>> 0);
    return bytes.length;
  }

  u32(pointer: number): number {
    return this.#view.getUint32(pointer >>> 0, true);
  }
}
