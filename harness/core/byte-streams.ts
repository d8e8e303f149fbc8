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

/** Bytes that the guest gives in pieces. */
export class CollectedBytes {
  readonly #pieces: Uint8Array[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Copies. */
  add(piece: Uint8Array): void {
    this.#pieces.push(piece.slice());
    this.#length += piece.length;
  }

  /** All of it, and the collection is empty again. */
  take(): Uint8Array<ArrayBuffer> {
    const whole = new Uint8Array(this.#length);
    let at = 0;
    for (const piece of this.#pieces) {
      whole.set(piece, at);
      at += piece.length;
    }
    this.#pieces.length = 0;
    this.#length = 0;
    return whole;
  }
}
