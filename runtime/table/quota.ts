/** How much one core may make the host hold, and how much its external tables do hold. */
import type { KeptBytes } from "../bytes/kept-bytes.ts";
import { shortTextMax } from "../map/long-texts.ts";

/** Limits of a core; an absent one is that of `defaultQuota`. */
export interface Quota {
  /** Of all entries of external tables: key and value as they are encoded, and the overhead. */
  readonly maxBytes?: number;
  readonly maxEntries?: number;
  /** Scripts make no further table where there are so many. */
  readonly maxTables?: number;
  /** Of the names of all tables. */
  readonly maxNameBytes?: number;
  /** Open loops over external tables, by `pairs`. */
  readonly maxIterators?: number;
  /** Of output that no result had yet. What `onOutput` takes is not kept. */
  readonly maxOutputBytes?: number;
}

/** Together they keep what a script takes of the host beside its entries below 64 MB. */
export const defaultQuota: Required<Quota> = {
  maxBytes: Infinity,
  maxEntries: Infinity,
  maxTables: 65_536,
  maxNameBytes: 4 * 1024 * 1024,
  maxIterators: 4_096,
  maxOutputBytes: 8 * 1024 * 1024,
};

/** Output becomes one text of JavaScript, and no engine has longer ones than some 2^28 bytes. */
export const outputBytesMax = 2 ** 28;

/** What entries count. */
export interface Usage {
  readonly bytes: number;
  readonly entries: number;
}

/** Measured in V8: the text of a key, its place in a Map and in two lists, the head of a value. */
const entryBytes = 112;
/** More for a table that has any entries, and for one that refers to others: its Maps and lists. */
const filledTableBytes = 512;
const referringTableBytes = 640;
/** More for a value that is kept as an array. */
const arrayBytes = 192;
/** More for a value that refers to other tables, and for each of these. */
const referencesBytes = 272;
const referenceBytes = 8;

/** What keeping an entry takes beside its key and value as they are encoded. */
export function overheadBytesOf(entry: {
  readonly key: string;
  readonly value: KeptBytes;
  readonly references: { readonly length: number };
}): number {
  // A long key is there a second time, in parts by which it is found.
  const keyBytes = entry.key.length > shortTextMax ? entry.key.length : 0;
  const valueBytes = typeof entry.value === "string" ? entryBytes : entryBytes + arrayBytes;
  const { length: count } = entry.references;
  const bytes = keyBytes + valueBytes;
  return count === 0 ? bytes : bytes + referencesBytes + count * referenceBytes;
}

/** What a table takes as a whole: for any entries, any references, and deleted entries. */
export function tableBytesOf(counts: {
  readonly entries: number;
  readonly referring: number;
  readonly holes: number;
}): number {
  const filled = (counts.entries > 0 ? filledTableBytes : 0) + counts.holes * entryBytes;
  return counts.referring > 0 ? filled + referringTableBytes : filled;
}

/** What entries count, and how much of the bytes is keys and values. */
export interface Growth extends Usage {
  readonly encodedBytes: number;
}

/** Counts what is used, and refuses what would pass the limit. */
export class QuotaAccount {
  /** As they were given. */
  readonly limits: Quota;
  readonly #limits: Required<Quota>;
  #bytes = 0;
  #encodedBytes = 0;
  #entries = 0;

  constructor(limits: Quota) {
    this.limits = limits;
    this.#limits = { ...defaultQuota, ...limits };
  }

  get used(): Usage {
    return { bytes: this.#bytes, entries: this.#entries };
  }

  /** Of keys and values alone: what storing all of them takes at least. */
  get encodedBytes(): number {
    return this.#encodedBytes;
  }

  /** False, with nothing counted, when it would grow beyond a limit. Less is always accepted. */
  add({ bytes, encodedBytes, entries }: Growth): boolean {
    const { maxBytes, maxEntries } = this.#limits;
    if (bytes > 0 && this.#bytes + bytes > maxBytes) return false;
    if (entries > 0 && this.#entries + entries > maxEntries) return false;
    this.#bytes += bytes;
    this.#encodedBytes += encodedBytes;
    this.#entries += entries;
    return true;
  }

  subtract({ bytes, encodedBytes, entries }: Growth): void {
    this.#bytes -= bytes;
    this.#encodedBytes -= encodedBytes;
    this.#entries -= entries;
  }

  /** Whether one of the other limits has no room for so much in all. */
  isOver(name: CountedLimit, count: number): boolean {
    return count > this.#limits[name];
  }

  /** The limits and what is used, for a message. */
  describe(): string {
    const { maxBytes = "any", maxEntries = "any" } = this.limits;
    return `${this.#bytes} of ${maxBytes} bytes, ${this.#entries} of ${maxEntries} entries`;
  }

  /** What a script reads whose entry is refused. */
  entryRefusal(tableId: number): string {
    return (
      `external table ${tableId}: quota exceeded: ${this.describe()} are used ` +
      "(the host's options quota.maxBytes, quota.maxEntries)"
    );
  }

  /** What a script reads that asked for more of something else. */
  refusal(name: CountedLimit): string {
    const limit = this.#limits[name];
    return `quota exceeded: ${whats[name]} (the host's option quota.${name}: ${limit})`;
  }
}

export type CountedLimit = Exclude<keyof Quota, "maxBytes" | "maxEntries">;

const whats: Readonly<Record<CountedLimit, string>> = {
  maxTables: "too many external tables",
  maxNameBytes: "too many names of external tables",
  maxIterators: "too many open loops over external tables",
  maxOutputBytes: "too much output",
};
