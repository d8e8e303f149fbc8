/** What is too large for a buffer: bytes that the guest takes or gives piece by piece. */

/** Bytes promised to the guest, which takes them in pieces; a new promise replaces the last. */
export class PromisedBytes {
  #bytes: Uint8Array = new Uint8Array(0);
  #taken = 0;

  promise(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.#taken = 0;
  }

  /** Fills as much of `room` as there is; returns how much, 0 at the end. */
  readInto(room: Uint8Array): number {
    const piece = this.#bytes.subarray(this.#taken, this.#taken + room.length);
    room.set(piece);
    this.#taken += piece.length;
    if (this.#taken === this.#bytes.length) this.promise(new Uint8Array(0));
    return piece.length;
  }
}

const roomBytesMin = 256;

/** Bytes that the guest gives in pieces: joined at once, since there may be one for each byte. */
export class CollectedBytes {
  #bytes = new Uint8Array(0);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Copies. */
  add(piece: Uint8Array): void {
    const end = this.#length + piece.length;
    if (end > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(end, 2 * this.#length, roomBytesMin));
      grown.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = grown;
    }
    this.#bytes.set(piece, this.#length);
    this.#length = end;
  }

  /** All of it, and the collection is empty again. */
  take(): Uint8Array<ArrayBuffer> {
    const whole = this.#bytes.slice(0, this.#length);
    this.#bytes = new Uint8Array(0);
    this.#length = 0;
    return whole;
  }
}
