/** Provisions Lua: $LUA_SRC, or the sources of upstream.json in turn; each file is checked. */
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { assertNever } from "../../../runtime/check/assert-never.ts";
import { shellWord } from "../shell-word.ts";
import { foundOrMade } from "./exclusively.ts";
import { placeFolder } from "./folder.ts";
import { type FetchedArchive, fetchArchives } from "./lua-archives.ts";
import { type ProvisionContext, toolsFolder, waiting } from "./provision-context.ts";
import { ProvisionError } from "./provision-error.ts";
import { readTarGz, TarError } from "./tar.ts";
import { compareSources, type LuaSource, readUpstream, type Upstream } from "./upstream.ts";

export interface ProvisionedLua {
  readonly path: string;
  readonly version: string;
  /** Where it came from, for a person. */
  readonly origin: string;
}

const originFile = "ORIGIN";

/** Where Lua's sources lie once they are provisioned. */
export function luaFolder({
  root,
  environment,
}: Pick<ProvisionContext, "root" | "environment">): string {
  const chosen = environment["LUA_SRC"];
  return chosen === undefined || chosen === ""
    ? join(toolsFolder(root), "lua")
    : resolve(root, chosen);
}

/** A folder in which every file of upstream.json has its hash. Throws ProvisionError. */
export async function provisionLua(context: ProvisionContext): Promise<ProvisionedLua> {
  const upstream = await readUpstream(context.root);
  const chosen = context.environment["LUA_SRC"];
  const folder = luaFolder(context);
  if (chosen !== undefined && chosen !== "") return await chosenLua(folder, upstream);
  return await foundOrMade(folder, {
    find: () => placedLua(folder, upstream),
    make: () => fetchLua(folder, upstream, context),
    ...waiting(folder, context),
  });
}

async function placedLua(folder: string, upstream: Upstream): Promise<ProvisionedLua | undefined> {
  const origin = await originOf(folder, upstream);
  if (origin === undefined) return undefined;
  await checkSources(folder, upstream, `rm -rf ${shellWord(folder)} && npm run setup`);
  return { path: folder, version: upstream.version, origin };
}

async function chosenLua(path: string, upstream: Upstream): Promise<ProvisionedLua> {
  const remedy =
    `set LUA_SRC to the sources of tag v${upstream.version}, with testes/, ` +
    "or unset it, and setup fetches them: env -u LUA_SRC npm run setup";
  if (!(await stat(path).catch(() => undefined))?.isDirectory()) {
    throw new ProvisionError({ problem: "$LUA_SRC is no folder", where: path, remedy });
  }
  await checkSources(path, upstream, remedy);
  return { path, version: upstream.version, origin: `LUA_SRC: ${path}` };
}

/** What the stamp of a finished folder says; undefined when there is none of this version. */
async function originOf(folder: string, upstream: Upstream): Promise<string | undefined> {
  const stamp = await readFile(join(folder, originFile), "utf8").catch(() => "");
  const [version, origin] = stamp.trimEnd().split("\t");
  return version === upstream.version ? origin : undefined;
}

async function checkSources(folder: string, upstream: Upstream, remedy: string): Promise<void> {
  const { missing, altered } = await compareSources(folder, upstream);
  const differing = [
    ...altered.map((path) => `${path} is altered`),
    ...missing.map((path) => `${path} is missing`),
  ];
  if (differing.length === 0) return;
  const named = differing.slice(0, 5).join(", ");
  const more = differing.length > 5 ? ` and ${differing.length - 5} more` : "";
  throw new ProvisionError({
    problem: `these are not the sources of Lua ${upstream.version}: ${named}${more}`,
    where: folder,
    remedy,
  });
}

async function fetchLua(
  folder: string,
  upstream: Upstream,
  context: ProvisionContext,
): Promise<ProvisionedLua> {
  const failures: ProvisionError[] = [];
  for (const source of upstream.sources) {
    const origin = originText(source);
    context.progress(`fetching Lua ${upstream.version} from ${origin} …`);
    try {
      await placeFolder(folder, async (temporary) => {
        const archives = await fetchArchives(source, context);
        await writeMembers(archives, upstream, temporary);
        await checkSources(temporary, upstream, "the source gives other files: use another one");
        await writeFile(join(temporary, originFile), `${upstream.version}\t${origin}\n`);
      });
      return { path: folder, version: upstream.version, origin };
    } catch (error) {
      context.signal?.throwIfAborted();
      if (!(error instanceof ProvisionError)) throw error;
      failures.push(error);
      context.progress(`  ${error.problem} (${error.where})`);
    }
  }
  throw new ProvisionError(
    {
      problem: failures.map(({ problem }) => problem).join("; "),
      where: failures.map(({ where }) => where).join("; "),
      remedy: [
        ...failures.map(({ remedy }) => remedy),
        `or fetch Lua ${upstream.version} with its testes/ yourself and set LUA_SRC to the folder`,
      ]
        .filter((remedy, at, all) => all.indexOf(remedy) === at)
        .join("; "),
    },
    { cause: new AggregateError(failures) },
  );
}

function originText(source: LuaSource): string {
  switch (source.kind) {
    case "pypi":
      return `PyPI (${source.name} ${source.version}'s sdist)`;
    case "archives":
      return source.archives.map(({ url }) => url).join(" and ");
    default:
      return assertNever(source);
  }
}

/** Writes the files that upstream.json lists and no other. */
async function writeMembers(
  archives: readonly FetchedArchive[],
  upstream: Upstream,
  folder: string,
): Promise<void> {
  for (const { from, bytes, members } of archives) {
    for (const { path, content } of readArchive(from, bytes)) {
      const rule = members.find((candidate) => path.startsWith(candidate.from));
      if (rule === undefined) continue;
      const name = rule.to + path.slice(rule.from.length);
      if (!Object.hasOwn(upstream.files, name)) continue;
      const target = join(folder, name);
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, content);
    }
  }
}

function readArchive(from: string, bytes: Uint8Array): ReturnType<typeof readTarGz> {
  try {
    return readTarGz(bytes);
  } catch (cause) {
    if (!(cause instanceof TarError)) throw cause;
    throw new ProvisionError(
      {
        problem: `the archive is damaged: ${cause.message}`,
        where: from,
        remedy: "npm run setup",
      },
      { cause },
    );
  }
}
