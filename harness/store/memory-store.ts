/** A store in memory: for tests, and for what need not outlive the process. */
import { joined } from "../artifact/joined.ts";
import { checkName, checkSize, closedError, type Store } from "./store.ts";

/** What was written under a name, and appended since: joined when it is read. */
interface MemoryBlob {
  readonly parts: Uint8Array<ArrayBuffer>[];
  bytes: number;
}

export type MemoryContents = Map<string, MemoryBlob>;

export class MemoryStore implements Store {
  readonly #blobs: MemoryContents;
  #isClosed = false;

  /** `contents`: what the store begins with, and where it keeps what it holds. */
  constructor(contents: MemoryContents = new Map()) {
    this.#blobs = contents;
  }

  async read(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    this.#check(name);
    const blob = this.#blobs.get(name);
    return blob === undefined ? undefined : joined(blob.parts);
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    this.#check(name);
    checkSize(name, bytes.length);
    this.#blobs.set(name, { parts: [bytes.slice()], bytes: bytes.length });
  }

  async append(name: string, bytes: Uint8Array): Promise<void> {
    this.#check(name);
    const blob = this.#blobs.get(name) ?? { parts: [], bytes: 0 };
    checkSize(name, blob.bytes + bytes.length);
    blob.parts.push(bytes.slice());
    blob.bytes += bytes.length;
    this.#blobs.set(name, blob);
  }

  async remove(name: string): Promise<void> {
    this.#check(name);
    this.#blobs.delete(name);
  }

  async names(): Promise<readonly string[]> {
    if (this.#isClosed) throw closedError();
    return [...this.#blobs.keys()].sort();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
  }

  #check(name: string): void {
    if (this.#isClosed) throw closedError();
    checkName(name);
  }
}
