/** The build's cache: one folder per key, whole or not there, each file checked when it is used. */
import { createHash } from "node:crypto";
import { readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { foundOrMade } from "./provision/exclusively.ts";
import { placeFolder } from "./provision/folder.ts";

const stampFile = "entry.json";
const sizeBytesMax = 1 << 29;

const stampSchema = z.strictObject({
  /** SHA-256 of each file of the entry. */
  files: z.record(z.string(), z.string()),
  /** What the entry's writer says of it. */
  facts: z.unknown(),
});

export type CacheRead<Facts> =
  | { readonly state: "hit"; readonly facts: Facts }
  | { readonly state: "missing" }
  | { readonly state: "damaged"; readonly reason: string };

/** Entries that this process read or wrote: eviction spares them. */
const usedFolders = new Set<string>();

/** Reads an entry and checks each of its files; marks it as used now. */
export async function readEntry<Facts>(
  folder: string,
  factsSchema: z.ZodType<Facts>,
): Promise<CacheRead<Facts>> {
  const stampPath = join(folder, stampFile);
  const text = await readFile(stampPath, "utf8").catch(() => undefined);
  if (text === undefined) return { state: "missing" };
  try {
    const { files, facts } = stampSchema.parse(JSON.parse(text));
    for (const [name, sha256] of Object.entries(files)) {
      const content = await readFile(join(folder, name));
      if (sha256Of(content) !== sha256) return { state: "damaged", reason: `${name} is altered` };
    }
    const parsed = factsSchema.parse(facts);
    usedFolders.add(folder);
    const now = new Date();
    await utimes(stampPath, now, now).catch(() => {});
    return { state: "hit", facts: parsed };
  } catch (error) {
    return { state: "damaged", reason: error instanceof Error ? error.message : String(error) };
  }
}

export interface WantedEntry<Facts> {
  readonly folder: string;
  readonly factsSchema: z.ZodType<Facts>;
  /** Fills the temporary folder that is to be the entry; returns what the entry's stamp says. */
  readonly fill: (temporary: string) => Promise<Facts>;
  /** Told why an entry that is there can't be used. */
  readonly onDamaged?: (reason: string) => void;
  /** Makes the entry anew, though there is one. */
  readonly force?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface ObtainedEntry<Facts> {
  readonly facts: Facts;
  /** It was there. */
  readonly cached: boolean;
}

/** An entry that was there, or is made now; of several that want it at once, one makes it. */
export async function obtainEntry<Facts>(
  wanted: WantedEntry<Facts>,
): Promise<ObtainedEntry<Facts>> {
  const { folder, factsSchema, fill, onDamaged, force, signal } = wanted;
  let damage: string | undefined;
  return await foundOrMade<ObtainedEntry<Facts>>(folder, {
    find: async () => {
      const read = await readEntry(folder, factsSchema);
      damage = read.state === "damaged" ? read.reason : undefined;
      return read.state === "hit" && force !== true
        ? { facts: read.facts, cached: true }
        : undefined;
    },
    make: async () => {
      if (damage !== undefined) onDamaged?.(damage);
      return { facts: await writeEntry(folder, fill), cached: false };
    },
    signal,
  });
}

/**
 * Fills a new entry and puts it in place in one step; returns what `fill` says of it. An entry of
 * that key is replaced.
 */
async function writeEntry<Facts>(
  folder: string,
  fill: (temporary: string) => Promise<Facts>,
): Promise<Facts> {
  const filled: Facts[] = [];
  await placeFolder(folder, async (temporary) => {
    const facts = await fill(temporary);
    const files: Record<string, string> = {};
    for (const name of await readdir(temporary)) {
      files[name] = sha256Of(await readFile(join(temporary, name)));
    }
    await writeFile(join(temporary, stampFile), `${JSON.stringify({ files, facts }, null, 2)}\n`);
    filled.push(facts);
  });
  usedFolders.add(folder);
  const [facts] = filled;
  if (facts === undefined) throw new TypeError(`the entry ${folder} was placed but never filled`);
  return facts;
}

/** Removes the entries used longest ago until the rest fit; those used in this run stay. */
export async function evictEntries(
  parents: readonly string[],
  limitBytes: number = sizeBytesMax,
): Promise<void> {
  const entries = (await Promise.all(parents.map((parent) => listEntries(parent)))).flat();
  let totalBytes = entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  for (const { path, sizeBytes } of entries.toSorted((a, b) => a.usedAtMs - b.usedAtMs)) {
    if (totalBytes <= limitBytes) return;
    if (usedFolders.has(path)) continue;
    await rm(path, { recursive: true, force: true });
    totalBytes -= sizeBytes;
  }
}

/** A folder with a stamp, or a file. */
interface Entry {
  readonly path: string;
  readonly sizeBytes: number;
  readonly usedAtMs: number;
}

async function listEntries(parent: string): Promise<readonly Entry[]> {
  const entries = await readdir(parent, { withFileTypes: true }).catch(() => []);
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = join(parent, entry.name);
      const files = entry.isDirectory() ? await readdir(path).catch(() => []) : [""];
      const stats = await Promise.all(
        files.map((file) => stat(join(path, file)).catch(() => undefined)),
      );
      const stamp = entry.isDirectory() ? join(path, stampFile) : path;
      const used = await stat(stamp).catch(() => undefined);
      const sizeBytes = stats.reduce((sum, each) => sum + (each?.size ?? 0), 0);
      // A folder without a stamp is being filled by another run: not ours to remove.
      return used === undefined ? undefined : { path, sizeBytes, usedAtMs: used.mtimeMs };
    }),
  );
  return found.filter((entry) => entry !== undefined);
}

export function sha256Of(content: Uint8Array | string): string {
  return createHash("sha256").update(content).digest("hex");
}
