/** A store of files in one folder: each blob in two generations, the newest whole one counts. */

import { joined } from "../artifact/joined.ts";
import { messageOf } from "../core/errors.ts";
import { errorCodeOf, type FileSystem, type OpenFile } from "./file-system.ts";
import { frameOf } from "./framing.ts";
import { nodeFileSystem } from "./node-file-system.ts";
import { type LockRequest, lockFolder } from "./node-folder-lock.ts";
import { OneAtATime } from "./one-at-a-time.ts";
import { decodeSlot, encodeSlot, type SlotContent } from "./slot-file.ts";
import {
  checkName,
  checkSize,
  closedError,
  followLock,
  readOnlyError,
  type Store,
  StoreError,
  takenOverError,
  type WriterLock,
  type WriterOptions,
} from "./store.ts";

export interface FileStoreOptions extends WriterOptions {
  /** Made when it is not there; the folder above it must be. Nothing else may be kept in it. */
  readonly folder: string;
  /** Told when something damaged was passed over: what, and what is given in its stead. */
  readonly onDamage?: (message: string) => void;
  readonly fileSystem?: FileSystem;
  /** Another way to have one writer alone, where `fileSystem` has no sockets. */
  readonly lock?: (request: LockRequest) => Promise<WriterLock | undefined>;
}

/** Where the newest whole generation of a blob is, and where its next frame goes. */
interface Place {
  readonly slot: Slot;
  readonly generation: number;
  readonly end: number;
  readonly checksum: number;
  /** Nothing lies behind `end`, and what lies before it is known to be on the disk or whole. */
  readonly isAppendable: boolean;
}

type Slot = 0 | 1;

/**
 * Opens a folder as a store, for one writer at a time: `whenHeld` says what happens while another
 * one has it open. What is written is on the disk when the promise resolves, for a power cut too.
 * Throws StoreError, or the reason of `signal`.
 */
export async function openFileStore(options: FileStoreOptions): Promise<Store> {
  const { folder, fileSystem = nodeFileSystem, onDamage = () => undefined } = options;
  const { whenHeld = "refuse", signal, lock: take = lockFolder } = options;
  const opening = explained(`${folder} can't be opened as a store`, async () => {
    await fileSystem.makeFolder(folder);
    await fileSystem.syncFolder(`${folder}/..`);
    const lock = await take({ folder, whenHeld, signal });
    const store = new FileStore({ folder, fileSystem, lock, onDamage });
    if (lock === undefined) return store;
    try {
      for (const file of await fileSystem.list(folder)) {
        if (file.endsWith(unfinishedEnding)) await fileSystem.remove(`${folder}/${file}`);
      }
      // What a process did before it was killed is built upon from now on.
      await fileSystem.syncFolder(folder);
    } catch (error) {
      await lock.release().catch(() => undefined);
      throw error;
    }
    followLock(lock, store);
    return store;
  });
  return await opening.catch((error: unknown) => {
    signal?.throwIfAborted();
    throw error;
  });
}

const unfinishedEnding = ".new";
const slotPattern = /^blob\.(.+)\.[01]$/;

class FileStore implements Store {
  readonly #folder: string;
  readonly #fileSystem: FileSystem;
  readonly #lock: WriterLock | undefined;
  readonly #onDamage: (message: string) => void;
  readonly #queue = new OneAtATime();
  readonly #places = new Map<string, Place>();
  /** Blobs of which a change did not end well: the system may show what the disk does not have. */
  readonly #doubtful = new Set<string>();
  #ended: (() => StoreError) | undefined;

  constructor(options: {
    readonly folder: string;
    readonly fileSystem: FileSystem;
    readonly lock: WriterLock | undefined;
    readonly onDamage: (message: string) => void;
  }) {
    this.#folder = options.folder;
    this.#fileSystem = options.fileSystem;
    this.#lock = options.lock;
    this.#onDamage = options.onDamage;
  }

  async read(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return await this.#do(`${name} can't be read`, name, async () => {
      return (await this.#find(name))?.bytes;
    });
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    const copy = bytes.slice();
    await this.#change(`${name} can't be written`, name, () => this.#replace(name, copy));
  }

  async append(name: string, bytes: Uint8Array): Promise<void> {
    const copy = bytes.slice();
    await this.#change(`${name} can't be appended to`, name, async () => {
      const known = this.#places.get(name);
      if (known?.isAppendable === true) return await this.#extend(name, known, copy);
      const content = await this.#find(name);
      const found = this.#places.get(name);
      if (found?.isAppendable === true) return await this.#extend(name, found, copy);
      return await this.#replace(
        name,
        joined(content === undefined ? [copy] : [content.bytes, copy]),
      );
    });
  }

  async remove(name: string): Promise<void> {
    await this.#change(`${name} can't be removed`, name, async () => {
      await this.#find(name).catch((error: unknown) => {
        // Damaged blobs are removed by their name too.
        if (!(error instanceof StoreError)) throw error;
      });
      const newest = this.#places.get(name)?.slot ?? 0;
      this.#places.delete(name);
      // The older first, and for good: alone it would be taken for the newest.
      for (const slot of [other(newest), newest]) {
        await this.#fileSystem.remove(this.#pathOf(name, slot));
        await this.#fileSystem.syncFolder(this.#folder);
      }
      this.#doubtful.delete(name);
    });
  }

  async names(): Promise<readonly string[]> {
    return await this.#do("the folder can't be read", undefined, async () => {
      const files = await this.#fileSystem.list(this.#folder);
      const names = files.flatMap((file) => slotPattern.exec(file)?.[1] ?? []);
      return [...new Set(names)].sort();
    });
  }

  get isReadOnly(): boolean {
    return this.#lock === undefined;
  }

  async close(): Promise<void> {
    await this.#end(closedError);
  }

  /** Another one takes over, once what was begun has ended. */
  giveWay(): void {
    this.#end(takenOverError).catch(() => undefined);
  }

  async #end(reason: () => StoreError): Promise<void> {
    if (this.#ended !== undefined) return;
    this.#ended = reason;
    await this.#queue.run(() =>
      explained("the lock stays behind", async () => {
        await this.#lock?.release();
      }),
    );
  }

  async #change(failing: string, name: string, work: () => Promise<void>): Promise<void> {
    if (this.isReadOnly && this.#ended === undefined) throw readOnlyError();
    await this.#do(failing, name, work);
  }

  async #do<Answer>(
    failing: string,
    name: string | undefined,
    work: () => Promise<Answer>,
  ): Promise<Answer> {
    if (this.#ended !== undefined) throw this.#ended();
    if (name !== undefined) checkName(name);
    return await this.#queue.run(() => explained(`${this.#folder}: ${failing}`, work));
  }

  /** The newest whole generation; notes its place. Throws StoreError when none is whole. */
  async #find(name: string): Promise<SlotContent | undefined> {
    this.#places.delete(name);
    const contents: { readonly slot: Slot; readonly content: SlotContent | undefined }[] = [];
    for (const slot of [0, 1] as const) {
      const file = await this.#fileSystem.read(this.#pathOf(name, slot));
      if (file !== undefined) contents.push({ slot, content: decodeSlot(file) });
    }
    let newest: { readonly slot: Slot; readonly content: SlotContent } | undefined;
    for (const { slot, content } of contents) {
      if (content === undefined) continue;
      if (newest === undefined || isLater(content.generation, newest.content.generation)) {
        newest = { slot, content };
      }
    }
    if (newest === undefined) {
      if (contents.length === 0) return undefined;
      throw this.#damaged(name);
    }
    this.#report(name, { newest, hasDamagedSlot: contents.some((each) => !each.content) });
    const { slot, content } = newest;
    const isAppendable = content.droppedBytes === 0 && !this.#doubtful.has(name);
    this.#places.set(name, { ...content, slot, isAppendable });
    return content;
  }

  #report(
    name: string,
    found: {
      readonly newest: { readonly slot: Slot; readonly content: SlotContent };
      readonly hasDamagedSlot: boolean;
    },
  ): void {
    const { slot, content } = found.newest;
    if (found.hasDamagedSlot) {
      const damaged = this.#pathOf(name, other(slot));
      this.#onDamage(`${damaged} is damaged; generation ${content.generation} is given instead`);
    }
    // Where another one writes, it may only not have ended yet.
    if (content.droppedBytes > 0 && !this.isReadOnly) {
      const path = this.#pathOf(name, slot);
      this.#onDamage(`${path}: ${content.droppedBytes} bytes at the end are no whole append`);
    }
  }

  #damaged(name: string): StoreError {
    const paths = `${this.#pathOf(name, 0)} and ${this.#pathOf(name, 1)}`;
    return new StoreError(
      "damaged",
      `no generation of ${name} is whole; bring back ${paths} from a copy, or remove the name`,
    );
  }

  /** Writes a new generation over the older of the two: the newest is not touched. */
  async #replace(name: string, bytes: Uint8Array): Promise<void> {
    checkSize(name, bytes.length);
    if (!this.#places.has(name)) await this.#find(name);
    const place = this.#places.get(name);
    this.#places.delete(name);
    this.#doubtful.add(name);
    const slot = place === undefined ? 0 : other(place.slot);
    const generation = ((place?.generation ?? 0) + 1) >>> 0;
    const file = encodeSlot(generation, bytes);
    const path = this.#pathOf(name, slot);
    const unfinished = `${path}${unfinishedEnding}`;
    try {
      await writeThrough(await this.#fileSystem.open(unfinished, "create"), file.bytes, 0);
      await this.#fileSystem.rename(unfinished, path);
    } catch (error) {
      // On a full disk it would take the room that is missing.
      await this.#fileSystem.remove(unfinished).catch(() => undefined);
      throw error;
    }
    await this.#fileSystem.syncFolder(this.#folder);
    const { checksum } = file;
    this.#doubtful.delete(name);
    this.#places.set(name, {
      slot,
      generation,
      end: file.bytes.length,
      checksum,
      isAppendable: true,
    });
  }

  /** Adds a frame in place. After a failure the blob is written anew before it grows again. */
  async #extend(name: string, place: Place, payload: Uint8Array): Promise<void> {
    checkSize(name, place.end + payload.length);
    const frame = frameOf(payload, place.checksum);
    this.#places.delete(name);
    this.#doubtful.add(name);
    const path = this.#pathOf(name, place.slot);
    try {
      await writeThrough(await this.#fileSystem.open(path, "change"), frame.bytes, place.end);
    } catch (error) {
      await this.#cutOff(path, place.end).catch(() => undefined);
      throw error;
    }
    this.#doubtful.delete(name);
    const end = place.end + frame.bytes.length;
    this.#places.set(name, { ...place, end, checksum: frame.checksum });
  }

  /**
   * After a failed sync a system may show bytes that the disk will never have. The next process
   * would take them for whole, and build on them.
   */
  async #cutOff(path: string, length: number): Promise<void> {
    const file = await this.#fileSystem.open(path, "change");
    try {
      await file.truncate(length);
    } finally {
      await file.close();
    }
  }

  #pathOf(name: string, slot: Slot): string {
    return `${this.#folder}/blob.${name}.${slot}`;
  }
}

/** Numbers begin again at 0 behind 2^32 − 1: the later of two is less than half of them ahead. */
function isLater(generation: number, than: number): boolean {
  return ((generation - than) | 0) > 0;
}

function other(slot: Slot): Slot {
  return slot === 0 ? 1 : 0;
}

/** Writes all bytes from a position on, has them on the disk, and closes the file. */
async function writeThrough(file: OpenFile, bytes: Uint8Array, position: number): Promise<void> {
  try {
    let written = 0;
    while (written < bytes.length) {
      const took = await file.write(bytes.subarray(written), position + written);
      if (took <= 0) throw new Error("the system took no more bytes");
      written += took;
    }
    await file.sync();
  } catch (error) {
    await file.close().catch(() => undefined);
    throw error;
  }
  await file.close();
}

/** Gives what the system throws a StoreError's words. */
async function explained<Answer>(what: string, work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof StoreError) throw cause;
    const code = errorCodeOf(cause);
    const isFull = code === "ENOSPC" || code === "EDQUOT";
    const reason = isFull ? "full" : "failed";
    throw new StoreError(reason, `${what}: ${messageOf(cause)}; ${remedyFor(code)}`, { cause });
  }
}

function remedyFor(code: string | undefined): string {
  switch (code) {
    case "ENOSPC":
    case "EDQUOT":
      return "make room on the disk and save again";
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return "let this user write in the folder";
    case "ENOENT":
    case "ENOTDIR":
      return "make the folder above it first";
    case "ENOTSUP":
    case "EOPNOTSUPP":
    case "EINVAL":
      return "take a folder on a local file system that has Unix sockets";
    default:
      return "what was saved before is still there; save again, or in another folder";
  }
}
