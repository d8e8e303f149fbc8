/** A store of files in one folder: each blob in two generations, the newest whole one counts. */

import { joined } from "../bytes/joined.ts";
import { isA, messageOf } from "../check/errors.ts";
import { type Rules, readOptions } from "../check/read-options.ts";
import { shown } from "../check/shown.ts";
import { type Keeper, openChecked } from "./checked-store.ts";
import { errorCodeOf, type FileSystem, type OpenFile } from "./file-system.ts";
import { frameOf } from "./framing.ts";
import { nodeFileSystem } from "./node-file-system.ts";
import { type LockRequest, lockFolder } from "./node-folder-lock.ts";
import { aFunction, anObjectWith, required, writerRules } from "./option-rules.ts";
import { decodeSlot, encodeSlot, type SlotContent } from "./slot-file.ts";
import { checkSize, type Store, StoreError, type WriterLock, type WriterOptions } from "./store.ts";

export interface FileStoreOptions extends WriterOptions {
  /** Made when it is not there; the folder above it must be. Nothing else may be kept in it. */
  readonly folder: string;
  /** Told when something damaged was passed over: what, and what is given in its stead. */
  readonly onDamage?: (message: string) => void;
  readonly fileSystem?: FileSystem;
  /** Another way to have one writer alone, where `fileSystem` has no sockets. */
  readonly lock?: (request: LockRequest) => Promise<WriterLock | undefined>;
}

const rules: Rules<FileStoreOptions> = {
  ...writerRules,
  folder: required({
    // An empty one would be the root of all.
    isAllowed: (value) => typeof value === "string" && value !== "" && !value.includes("\0"),
    what: "a path",
  }),
  onDamage: aFunction,
  fileSystem: anObjectWith(...Object.keys(nodeFileSystem)),
  lock: aFunction,
};

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
 * Throws StoreError, the reason of `signal`, or UsageError for a wrong option.
 */
export async function openFileStore(options: FileStoreOptions): Promise<Store> {
  const own = readOptions<FileStoreOptions>(options, { of: "openFileStore", rules });
  const { fileSystem = nodeFileSystem, onDamage = () => undefined } = own;
  const { whenHeld = "refuse", signal, lock: take = lockFolder } = own;
  let { folder } = own;
  return await openChecked({
    what: `${folder} can't be opened as a store`,
    explain,
    signal,
    takeLock: async () => {
      folder = pathFrom(await fileSystem.makeFolder(folder));
      await fileSystem.syncFolder(`${folder}/..`).catch((error: unknown) => {
        // A folder above that this user may not read can't be synced; the folder itself will be.
        if (errorCodeOf(error) !== "EACCES") throw error;
      });
      return await take({ folder, whenHeld, signal });
    },
    keeperOf: async (lock) => {
      if (lock !== undefined) await clearUp(fileSystem, folder);
      return new FileKeeper({ folder, fileSystem, lock, onDamage });
    },
  });
}

/** A file system of the host's own may give anything: "undefined" would be a folder's name. */
function pathFrom(made: unknown): string {
  if (typeof made === "string") return made;
  const message = `fileSystem.makeFolder gives the folder's path, not ${shown(made)}`;
  throw new StoreError("failed", message);
}

async function clearUp(fileSystem: FileSystem, folder: string): Promise<void> {
  for (const file of await fileSystem.list(folder)) {
    if (unfinishedPattern.test(file)) await fileSystem.remove(`${folder}/${file}`);
  }
  // What a process did before it was killed is built upon from now on.
  await fileSystem.syncFolder(folder);
}

/** Whatever else is there is not this library's to remove. */
const unfinishedPattern = /^blob\..+\.[01](?:\.[0-9a-f]{12})?\.new$/;
const slotPattern = /^blob\.(.+)\.[01]$/;

class FileKeeper implements Keeper {
  readonly #folder: string;
  readonly #fileSystem: FileSystem;
  readonly #lock: WriterLock | undefined;
  /** Of its own: another one that came meanwhile makes other files. */
  readonly #unfinishedEnding = `.${crypto.randomUUID().slice(-12)}.new`;
  readonly #onDamage: (message: string) => void;
  readonly #places = new Map<string, Place>();
  /** Blobs of which a change did not end well: the system may show what the disk does not have. */
  readonly #doubtful = new Set<string>();

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
    return (await this.#find(name))?.bytes;
  }

  /** Writes a new generation over the older of the two: the newest is not touched. */
  async write(name: string, bytes: Uint8Array): Promise<void> {
    checkSize(name, bytes.length);
    if (!this.#places.has(name)) await this.#find(name);
    const place = this.#places.get(name);
    this.#places.delete(name);
    this.#doubtful.add(name);
    const slot = place === undefined ? 0 : other(place.slot);
    const generation = ((place?.generation ?? 0) + 1) >>> 0;
    const file = encodeSlot(generation, bytes);
    const path = this.#pathOf(name, slot);
    const unfinished = `${path}${this.#unfinishedEnding}`;
    try {
      await writeThrough(await this.#fileSystem.open(unfinished, "create"), file.bytes, 0);
      await this.#lock?.confirm?.();
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

  async append(name: string, bytes: Uint8Array): Promise<void> {
    const known = this.#places.get(name);
    if (known?.isAppendable === true) return await this.#extend(name, known, bytes);
    const content = await this.#find(name);
    const found = this.#places.get(name);
    if (found?.isAppendable === true) return await this.#extend(name, found, bytes);
    await this.write(name, joined(content === undefined ? [bytes] : [content.bytes, bytes]));
  }

  async remove(name: string): Promise<void> {
    await this.#find(name).catch((error: unknown) => {
      // Damaged blobs are removed by their name too.
      if (!isA(error, StoreError)) throw error;
    });
    const newest = this.#places.get(name)?.slot ?? 0;
    this.#places.delete(name);
    // The older first, and for good: alone it would be taken for the newest.
    for (const slot of [other(newest), newest]) {
      await this.#fileSystem.remove(this.#pathOf(name, slot));
      await this.#fileSystem.syncFolder(this.#folder);
    }
    this.#doubtful.delete(name);
  }

  async names(): Promise<readonly string[]> {
    const files = await this.#fileSystem.list(this.#folder);
    return files.flatMap((file) => slotPattern.exec(file)?.[1] ?? []);
  }

  async close(): Promise<void> {
    // No file stays open between two calls.
  }

  explain(what: string, cause: unknown): StoreError {
    return explain(`${this.#folder}: ${what}`, cause);
  }

  /** The newest whole generation; notes its place. Throws StoreError when none is whole. */
  async #find(name: string): Promise<SlotContent | undefined> {
    this.#places.delete(name);
    let contents = await this.#slotsOf(name);
    // The writer may have removed the name between the two: the one that was read is an old one.
    if (this.#lock === undefined && contents.length === 1) contents = await this.#slotsOf(name);
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

  async #slotsOf(name: string) {
    const contents: { readonly slot: Slot; readonly content: SlotContent | undefined }[] = [];
    for (const slot of [0, 1] as const) {
      const file = await this.#fileSystem.read(this.#pathOf(name, slot));
      if (file !== undefined) contents.push({ slot, content: decodeSlot(file) });
    }
    return contents;
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
    if (content.droppedBytes > 0 && this.#lock !== undefined) {
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

  /** Adds a frame in place. After a failure the blob is written anew before it grows again. */
  async #extend(name: string, place: Place, payload: Uint8Array): Promise<void> {
    checkSize(name, place.end + payload.length);
    const frame = frameOf(payload, place.checksum);
    this.#places.delete(name);
    this.#doubtful.add(name);
    const path = this.#pathOf(name, place.slot);
    const file = await this.#fileSystem.open(path, "change");
    if (file.sizeBytes !== place.end) {
      await file.close().catch(() => undefined);
      throw changedError(path);
    }
    try {
      await writeThrough(file, frame.bytes, place.end);
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

/** A store that met this writes the blob anew when it is changed the next time. */
function changedError(path: string): StoreError {
  const message = `${path} was changed, and not by this store: save again, which writes it anew`;
  return new StoreError("failed", message);
}

function explain(what: string, cause: unknown): StoreError {
  const code = errorCodeOf(cause);
  const isFull = code === "ENOSPC" || code === "EDQUOT";
  const message = `${what}: ${messageOf(cause)}; ${remedyFor(code)}`;
  return new StoreError(isFull ? "full" : "failed", message, { cause });
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
      return "make the folder above it first, or open the store anew where its folder is now";
    case "EMFILE":
    case "ENFILE":
    case "ENOMEM":
      return "let this process have more open files and memory, or close some, and try again";
    case "ENOTSUP":
    case "EOPNOTSUPP":
    case "EINVAL":
      return "take a folder on a local file system that has Unix sockets";
    default:
      return "what was saved before is still there; save again, or in another folder";
  }
}
