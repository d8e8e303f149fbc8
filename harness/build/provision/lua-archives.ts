/** Fetches the archives of one source of Lua, from PyPI through pip or straight from an address. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { assertNever } from "../../../runtime/check/assert-never.ts";
import { partialMark } from "./folder.ts";
import { runPip } from "./pip.ts";
import { type ProvisionContext, toolsFolder } from "./provision-context.ts";
import { ProvisionError } from "./provision-error.ts";
import type { ArchiveMembers, LuaSource } from "./upstream.ts";

const downloadLimitMs = 60_000;
const archiveBytesMax = 1 << 26;
const remedy = "mend the network, then: npm run setup";

export interface FetchedArchive {
  /** The address or package it came from. */
  readonly from: string;
  readonly bytes: Uint8Array;
  readonly members: ArchiveMembers;
}

/** Throws ProvisionError. */
export async function fetchArchives(
  source: LuaSource,
  context: ProvisionContext,
): Promise<readonly FetchedArchive[]> {
  switch (source.kind) {
    case "pypi":
      return [await fetchSdist(source, context)];
    case "archives":
      return await Promise.all(
        source.archives.map(async ({ url, members }) => ({
          from: url,
          bytes: await download(url, context),
          members,
        })),
      );
    default:
      return assertNever(source);
  }
}

/**
 * A stand-in for the build back end, because pip asks it for metadata even when it only downloads:
 * it answers with the package's name and version, and builds nothing. Without it pip would fetch
 * a compiler and run the package's own set-up for a minute.
 */
function backEndText({
  name,
  version,
}: {
  readonly name: string;
  readonly version: string;
}): string {
  return `import os, sys
__legacy__ = sys.modules[__name__]
FOLDER = "${name}-${version}.dist-info"

def prepare_metadata_for_build_wheel(metadata_directory, config_settings=None):
    path = os.path.join(metadata_directory, FOLDER)
    os.makedirs(path, exist_ok=True)
    with open(os.path.join(path, "METADATA"), "w") as file:
        file.write("Metadata-Version: 2.1\\nName: ${name}\\nVersion: ${version}\\n")
    with open(os.path.join(path, "WHEEL"), "w") as file:
        file.write("Wheel-Version: 1.0\\nGenerator: none\\n")
        file.write("Root-Is-Purelib: true\\nTag: py3-none-any\\n")
    return FOLDER

def build_wheel(*args, **kwargs):
    raise RuntimeError("only the archive was asked for")
`;
}

async function fetchSdist(
  source: Extract<LuaSource, { kind: "pypi" }>,
  context: ProvisionContext,
): Promise<FetchedArchive> {
  const { name, version, sha256, members } = source;
  const requirement = `${name}==${version}`;
  const tools = toolsFolder(context.root);
  await mkdir(tools, { recursive: true });
  const folder = await mkdtemp(join(tools, `sdist${partialMark}`));
  try {
    const backEnd = join(folder, "back-end", "setuptools");
    const target = join(folder, "download");
    await mkdir(backEnd, { recursive: true });
    await writeFile(join(backEnd, "__init__.py"), "");
    await writeFile(join(backEnd, "build_meta.py"), backEndText({ name, version }));
    await runPip(
      {
        requirement,
        sha256s: [sha256],
        args: ["download", "--no-binary", name, "--no-build-isolation", "--dest", target],
        environment: { PYTHONPATH: join(folder, "back-end") },
        remedy,
      },
      context,
    );
    const [file] = (await readdir(target)).filter((entry) => entry.endsWith(".tar.gz"));
    if (file === undefined) {
      throw new ProvisionError({ problem: "pip brought no .tar.gz", where: requirement, remedy });
    }
    return { from: requirement, bytes: await readFile(join(target, file)), members };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function download(url: string, { signal }: ProvisionContext): Promise<Uint8Array> {
  const limit = AbortSignal.timeout(downloadLimitMs);
  try {
    const both = signal === undefined ? limit : AbortSignal.any([signal, limit]);
    const response = await fetch(url, { signal: both });
    if (!response.ok) throw new Error(`HTTP status ${response.status}`);
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (bytes.length > archiveBytesMax) throw new Error(`${bytes.length} bytes are too many`);
    return bytes;
  } catch (cause) {
    signal?.throwIfAborted();
    const reason = cause instanceof Error ? deepestMessage(cause) : String(cause);
    throw new ProvisionError(
      {
        problem: `the download failed: ${reason}`,
        where: url,
        remedy,
      },
      { cause },
    );
  }
}

/** fetch says "fetch failed" and keeps the reason in its cause. */
function deepestMessage(error: Error): string {
  return error.cause instanceof Error ? deepestMessage(error.cause) : error.message;
}
