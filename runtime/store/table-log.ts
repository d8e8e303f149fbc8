/** The log of a core's external tables: one group with all, then one for what each save changed. */

import { idMax, valueTags } from "../abi/abi.ts";
import { ByteReader } from "../bytes/byte-reader.ts";
import { joined } from "../bytes/joined.ts";
import { type KeptBytes, keep } from "../bytes/kept-bytes.ts";
import { latin1Of } from "../bytes/latin1.ts";
import { DecodeError } from "../check/errors.ts";
import { IdMap } from "../map/id-map.ts";
import { KeyMap } from "../map/key-map.ts";
import { TextMap } from "../map/text-map.ts";
import type { KeptTable } from "../table/table-registry.ts";
import { isCanonicalKey } from "../value/walk.ts";
import { type Bytecode, behavioursIn } from "./bytecode-trust.ts";
import { frameHeadBytes, frameOf, readFrames } from "./framing.ts";
import { blobBytesMax, StoreError } from "./store.ts";
import { noName, recordTags } from "./table-records.ts";

const magic = [0x4c, 0x50, 0x57, 0x54, 0x01, 0x00, 0x00, 0x00] as const; // "LPWT", version 1

/**
 * A stranger's log leaves room for all tables that this core will ever make, also for those it made
 * since a stranger's snapshot, which may bring it to 2^29.
 */
const strangerIdMax = 2 ** 29 + 2 ** 28;

/** The last id, and the last next one, that a log may have. */
export function idMaxOf(bytecode: Bytecode): number {
  return bytecode === "trusted" ? idMax : strangerIdMax;
}

/** What a log holds, up to the last whole group. */
export interface TableLog {
  readonly tables: readonly KeptTable[];
  readonly nextId: number;
  /** How many saves it took, the first among them. */
  readonly saves: number;
  /** What the next group's checksum is seeded with. */
  readonly checksum: number;
  /** Bytes of the groups behind the first. */
  readonly journalBytes: number;
  /** Bytes of all that is whole. */
  readonly wholeBytes: number;
  /** Bytes behind the last whole group: a save that never ended, or damage. */
  readonly droppedBytes: number;
}

/** A new log. */
export function beginLog(whole: Uint8Array): {
  readonly bytes: Uint8Array;
  readonly checksum: number;
} {
  const frame = frameOf(whole, 0);
  return { bytes: joined([Uint8Array.from(magic), frame.bytes]), checksum: frame.checksum };
}

/** Throws StoreError when the log can't be read as one; what follows a torn group is left out. */
export function readLog(name: string, bytes: Uint8Array, bytecode: Bytecode): TableLog {
  if (magic.some((byte, at) => bytes[at] !== byte)) {
    throw damaged(name, "it does not begin as a log of tables of version 1");
  }
  const { payloads, count, end, checksum } = readFrames(bytes, magic.length);
  const [whole] = payloads;
  if (whole === undefined) throw damaged(name, "its first group is not whole");
  if (payloads.length < count) throw damaged(name, "one of its groups is empty");
  const replay = new Replay(bytecode);
  try {
    for (const payload of payloads) replay.group(payload);
    replay.check();
  } catch (cause) {
    if (cause instanceof DecodeError) throw damaged(name, cause.message, cause);
    throw cause;
  }
  return {
    tables: replay.tables(),
    nextId: replay.nextId,
    saves: count,
    checksum,
    journalBytes: end - magic.length - frameHeadBytes - whole.length,
    wholeBytes: end,
    droppedBytes: bytes.length - end,
  };
}

/** A journal below this is never worth a rewrite. */
const journalBytesMin = 65_536;
const journalFactorMax = 2;

/** Whether a log is better written anew than that much is appended to it. */
export function isRewriteBetter({
  journalBytes,
  wholeBytes,
  addedBytes,
  liveBytes,
}: Pick<TableLog, "journalBytes" | "wholeBytes"> & {
  readonly addedBytes: number;
  /** Bytes of the log once it is written anew. */
  readonly liveBytes: number;
}): boolean {
  const journalBytesMax = Math.max(journalBytesMin, journalFactorMax * liveBytes);
  // A store takes no more under one name.
  return journalBytes + addedBytes > journalBytesMax || wholeBytes + addedBytes > blobBytesMax;
}

/** Why kept tables can't be brought back, and what to do. */
export function damaged(name: string, why: string, cause?: unknown): StoreError {
  return new StoreError(
    "damaged",
    `${name} holds no tables that can be brought back: ${why}; bring it back from a copy, or ` +
      "remove the name to begin anew",
    { cause },
  );
}

/** Its maps are made when they are needed: a log may make a table with nine bytes. */
class ReplayedTable implements KeptTable {
  readonly id: number;
  readonly name: string | undefined;
  #entries: KeyMap<KeptBytes> | undefined;
  #withheld: KeyMap<KeptBytes> | undefined;

  constructor(id: number, name: string | undefined) {
    this.id = id;
    this.name = name;
  }

  get entries(): Iterable<readonly [string, KeptBytes]> {
    return this.#entries ?? [];
  }

  get withheld(): Iterable<readonly [string, KeptBytes]> {
    return this.#withheld ?? [];
  }

  clear(): void {
    this.#entries = undefined;
    this.#withheld = undefined;
  }

  set(key: string, value: KeptBytes): void {
    this.#withheld?.delete(key);
    this.#entries ??= new KeyMap();
    this.#entries.set(key, value);
  }

  withhold(key: string, value: KeptBytes): void {
    this.#entries?.delete(key);
    this.#withheld ??= new KeyMap();
    this.#withheld.set(key, value);
  }

  /** Whether it was there. */
  remove(key: string): boolean {
    return this.#entries?.delete(key) === true || this.#withheld?.delete(key) === true;
  }
}

/** Tables in the making. Throws DecodeError for what no core wrote. */
class Replay {
  nextId = 0;
  readonly #bytecode: Bytecode;
  readonly #tables = new IdMap<ReplayedTable>();

  constructor(bytecode: Bytecode) {
    this.#bytecode = bytecode;
  }

  tables(): readonly KeptTable[] {
    return [...this.#tables.values()];
  }

  group(payload: Uint8Array): void {
    const reader = new ByteReader(payload);
    this.nextId = reader.u32();
    let current: ReplayedTable | undefined;
    while (reader.left > 0) {
      const tag = reader.u8();
      switch (tag) {
        case recordTags.create:
          current = this.#create(reader);
          break;
        case recordTags.select:
          current = this.#find(reader.u32());
          break;
        case recordTags.collect:
          this.#tables.delete(this.#find(reader.u32()).id);
          current = undefined;
          break;
        default:
          this.#change(reader, { tag, table: current });
      }
    }
  }

  /** What must hold of all tables together; references are the registry's to check. */
  check(): void {
    this.#checkId(this.nextId);
    const names = new TextMap<string, number>();
    for (const { id, name } of this.#tables.values()) {
      if (id === 0 || id >= this.nextId) throw new DecodeError(`${id} is no table's id`);
      if (name === undefined) continue;
      if (name === "" || names.has(name)) throw new DecodeError(`table ${id} has another's name`);
      names.set(name, id);
    }
  }

  #create(reader: ByteReader): ReplayedTable {
    const id = reader.u32();
    const nameLength = reader.u32();
    const name = nameLength === noName ? undefined : latin1Of(reader.bytes(nameLength));
    this.#checkId(id);
    if (this.#tables.has(id)) throw new DecodeError(`table ${id} is made twice`);
    const table = new ReplayedTable(id, name);
    this.#tables.set(id, table);
    return table;
  }

  #checkId(id: number): void {
    const max = idMaxOf(this.#bytecode);
    if (id <= max) return;
    const without = this.#bytecode === "trusted" ? "" : " without trust";
    throw new DecodeError(`${id} is no table's id: the last that is taken${without} is ${max}`);
  }

  #find(id: number): ReplayedTable {
    const table = this.#tables.get(id);
    if (table === undefined) throw new DecodeError(`there is no table ${id} to change`);
    return table;
  }

  #change(
    reader: ByteReader,
    { tag, table }: { readonly tag: number; readonly table: ReplayedTable | undefined },
  ): void {
    if (table === undefined) throw new DecodeError("a change of no table");
    switch (tag) {
      case recordTags.clear:
        table.clear();
        return;
      case recordTags.set: {
        const key = keyOf(reader);
        const bytes = reader.bytes(reader.u32());
        if (bytes[0] === valueTags.nil) throw new DecodeError("nil is no value of an entry");
        const value = keep(bytes, { start: 0, end: bytes.length });
        const isWithheld = this.#bytecode === "refused" && behavioursIn(bytes) !== undefined;
        if (isWithheld) table.withhold(key, value);
        else table.set(key, value);
        return;
      }
      case recordTags.remove: {
        if (table.remove(keyOf(reader))) return;
        throw new DecodeError("no such key to remove");
      }
      default:
        throw new DecodeError(`0x${tag.toString(16)} at byte ${reader.at - 1} is no record`);
    }
  }
}

function keyOf(reader: ByteReader): string {
  const key = latin1Of(reader.bytes(reader.u32()));
  if (!isCanonicalKey(key)) throw new DecodeError(`no key before byte ${reader.at}`);
  return key;
}
