/** lua/upstream.json: which Lua, where from, and the hash of each file. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { shellWord } from "../shell-word.ts";
import { ProvisionError } from "./provision-error.ts";

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);

const commitSchema = z.string().regex(/^[0-9a-f]{40}$/);

/** Up to where what upstream changed later was read; docs/UPSTREAM.md tells what became of it. */
const changesReadSchema = z.strictObject({
  repository: z.url(),
  branches: z
    .array(
      z.strictObject({
        name: z.string(),
        after: commitSchema,
        upTo: commitSchema,
        commits: z.int().min(1),
      }),
    )
    .min(1),
});

/** Members of an archive whose path begins with `from`, and what stands instead of it. */
const membersSchema = z.array(z.strictObject({ from: z.string(), to: z.string() })).min(1);

const sourceSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("pypi"),
    name: z.string(),
    version: z.string(),
    sha256: sha256Schema,
    members: membersSchema,
  }),
  z.strictObject({
    kind: z.literal("archives"),
    archives: z.array(z.strictObject({ url: z.url(), members: membersSchema })).min(1),
  }),
]);

const upstreamSchema = z.strictObject({
  version: z.string(),
  licence: z.string(),
  note: z.string(),
  changesRead: changesReadSchema,
  /** In the order in which they are tried. */
  sources: z.array(sourceSchema).min(1),
  /** C files to compile, by profile. */
  profiles: z.strictObject({ core: z.array(z.string()).min(1) }),
  /** Path below the Lua folder → SHA-256. */
  files: z.record(z.string(), sha256Schema),
});

export type Upstream = z.infer<typeof upstreamSchema>;
export type LuaSource = Upstream["sources"][number];
export type ArchiveMembers = z.infer<typeof membersSchema>;

function upstreamPath(root: string): string {
  return join(root, "lua", "upstream.json");
}

export async function readUpstream(root: string): Promise<Upstream> {
  const path = upstreamPath(root);
  try {
    return upstreamSchema.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (cause) {
    throw new ProvisionError(
      {
        problem: `the description of Lua's sources is unreadable: ${String(cause)}`,
        where: path,
        remedy: `git checkout -- ${shellWord(path)}`,
      },
      { cause },
    );
  }
}

/** How a folder differs from upstream.json; both lists are empty when it doesn't. */
export interface SourceDifference {
  readonly missing: readonly string[];
  readonly altered: readonly string[];
}

export async function compareSources(
  folder: string,
  upstream: Upstream,
): Promise<SourceDifference> {
  const missing: string[] = [];
  const altered: string[] = [];
  await Promise.all(
    Object.entries(upstream.files).map(async ([path, sha256]) => {
      const content = await readFile(join(folder, path)).catch(() => undefined);
      if (content === undefined) missing.push(path);
      else if (createHash("sha256").update(content).digest("hex") !== sha256) altered.push(path);
    }),
  );
  return { missing: missing.toSorted(), altered: altered.toSorted() };
}
