/** A disk whose system calls can fail and whose power can be cut: un-synced changes may be lost. */
import type { FileSystem, OpenFile, OpenMode } from "./file-system.ts";

/** What a file holds: as programs see it, and as it stands on the disk with writes in flight. */
interface Content {
  bytes: Uint8Array<ArrayBuffer>;
  durable: Uint8Array<ArrayBuffer>;
  readonly pending: ContentChange[];
}

/** Bytes written at a position, or the file cut off there. */
interface ContentChange {
  readonly bytes: Uint8Array | undefined;
  readonly position: number;
}

/** An entry set (a file made or renamed to it) or taken away, not on the disk yet. */
type EntryChange = ReadonlyMap<string, Content | undefined>;

export interface Fault {
  /** Which call it hits, from 0. */
  readonly call: number;
  /** `crash`: the power is cut in the middle of the call; nothing works after it. */
  readonly kind: "EIO" | "ENOSPC" | "crash";
  /** Hits all calls from that one on. */
  readonly isLasting?: boolean;
}

export class PowerCut extends Error {
  override readonly name = "PowerCut";
}

/** Parts of a write reach the disk by pieces of this many bytes. */
const pieceBytes = 16;

export class SimulatedDisk implements FileSystem {
  calls = 0;
  fault: Fault | undefined;
  #entries = new Map<string, Content>();
  readonly #durable = new Map<string, Content>();
  #pending: EntryChange[] = [];
  #isOff = false;
  readonly #random: () => number;

  /** `random`: from 0 to 1, decides what a power cut leaves. */
  constructor(random: () => number) {
    this.#random = random;
  }

  /** What is found when the power is back. */
  restart(): void {
    this.#isOff = false;
    this.fault = undefined;
    for (const change of this.#pending) if (this.#random() < 0.5) apply(this.#durable, change);
    this.#pending = [];
    for (const content of new Set([...this.#entries.values(), ...this.#durable.values()])) {
      for (const write of content.pending) this.#tear(content, write);
      content.pending.length = 0;
      content.bytes = content.durable.slice();
    }
    this.#entries = new Map(this.#durable);
  }

  async makeFolder(path: string): Promise<string> {
    this.#step();
    return path;
  }

  async list(folder: string): Promise<readonly string[]> {
    this.#step();
    const paths = [...this.#entries.keys()].filter((path) => path.startsWith(`${folder}/`));
    return paths.map((path) => path.slice(folder.length + 1));
  }

  async read(path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    this.#step();
    return this.#entries.get(path)?.bytes.slice();
  }

  async open(path: string, mode: OpenMode): Promise<OpenFile> {
    const cut = this.#step();
    const known = this.#entries.get(path);
    if (mode === "change" && known === undefined) throw systemError("ENOENT");
    const content = mode === "change" ? known : undefined;
    if (content !== undefined) return this.#fileOf(content);
    const fresh = { bytes: new Uint8Array(0), durable: new Uint8Array(0), pending: [] };
    this.#change(new Map([[path, fresh]]));
    cut();
    return this.#fileOf(fresh);
  }

  async rename(from: string, to: string): Promise<void> {
    const cut = this.#step();
    const content = this.#entries.get(from);
    if (content === undefined) throw systemError("ENOENT");
    this.#change(
      new Map([
        [to, content],
        [from, undefined],
      ]),
    );
    cut();
  }

  async remove(path: string): Promise<void> {
    const cut = this.#step();
    if (this.#entries.has(path)) this.#change(new Map([[path, undefined]]));
    cut();
  }

  async syncFolder(): Promise<void> {
    const cut = this.#step();
    cut();
    for (const change of this.#pending) apply(this.#durable, change);
    this.#pending = [];
  }

  #fileOf(content: Content): OpenFile {
    return {
      sizeBytes: content.bytes.length,
      write: async (bytes, position) => {
        const cut = this.#step();
        // A system may take less than it is given.
        const took = bytes.subarray(0, Math.max(1, Math.ceil(bytes.length * this.#random())));
        content.bytes = overwritten(content.bytes, took, position);
        content.pending.push({ bytes: took.slice(), position });
        cut();
        return took.length;
      },
      truncate: async (length) => {
        const cut = this.#step();
        content.bytes = content.bytes.slice(0, length);
        content.pending.push({ bytes: undefined, position: length });
        cut();
      },
      sync: async () => {
        // As Linux does: what could not be written is dropped, and no later sync tells of it.
        const pending = content.pending.splice(0);
        const cut = this.#step(() => content.pending.push(...pending));
        cut();
        for (const change of pending) content.durable = changed(content.durable, change);
      },
      close: async () => {
        this.#step();
      },
    };
  }

  #change(change: EntryChange): void {
    apply(this.#entries, change);
    this.#pending.push(change);
  }

  /** Counts a call and fails it when it is its turn; what it returns may cut the power then. */
  #step(beforeCut: () => void = () => undefined): () => void {
    if (this.#isOff) throw new PowerCut("the power is off");
    const { call = Infinity, isLasting = false } = this.fault ?? {};
    const isHit = isLasting ? this.calls >= call : this.calls === call;
    this.calls += 1;
    if (!isHit || this.fault === undefined) return () => undefined;
    if (this.fault.kind !== "crash") throw systemError(this.fault.kind);
    this.#isOff = true;
    beforeCut();
    return () => {
      throw new PowerCut("the power was cut");
    };
  }

  /** Some pieces of a write are on the disk, others never came; the length may have. */
  #tear(content: Content, { bytes, position }: ContentChange): void {
    if (this.#random() < 0.2) return;
    if (bytes === undefined) {
      content.durable = content.durable.slice(0, position);
      return;
    }
    const isWhole = this.#random() < 0.3;
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      if (!isWhole && this.#random() < 0.4) continue;
      const piece = bytes.subarray(at, at + pieceBytes);
      content.durable = overwritten(content.durable, piece, position + at);
    }
  }
}

function apply(entries: Map<string, Content>, change: EntryChange): void {
  for (const [path, content] of change) {
    if (content === undefined) entries.delete(path);
    else entries.set(path, content);
  }
}

function changed(
  old: Uint8Array<ArrayBuffer>,
  { bytes, position }: ContentChange,
): Uint8Array<ArrayBuffer> {
  return bytes === undefined ? old.slice(0, position) : overwritten(old, bytes, position);
}

/** What lies between the old end and the position is zero, as on a disk. */
function overwritten(
  old: Uint8Array,
  bytes: Uint8Array,
  position: number,
): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(Math.max(old.length, position + bytes.length));
  whole.set(old);
  whole.set(bytes, position);
  return whole;
}

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: simulated`), { code });
}
