/** What a run is told of its surroundings: fingerprint, revision, versions of tools. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { arch, availableParallelism, cpus, platform, release, totalmem } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Fingerprint } from "../record/record.ts";

const execFileAsync = promisify(execFile);

export function machineFingerprint(nodeVersion: string): Fingerprint {
  return {
    os: `${platform()} ${release()}`,
    arch: arch(),
    cpu: cpus()[0]?.model.trim() || "unknown",
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    node: nodeVersion,
  };
}

export function machineCores(): number {
  return availableParallelism();
}

/** The commit, with "+" behind it when files differ from it; undefined outside git. */
export async function revisionOf(root: string): Promise<string | undefined> {
  const git = async (...args: readonly string[]): Promise<string> =>
    (await execFileAsync("git", ["-C", root, ...args])).stdout.trim();
  try {
    const commit = await git("rev-parse", "--short=12", "HEAD");
    return (await git("status", "--porcelain")) === "" ? commit : `${commit}+`;
  } catch {
    return undefined;
  }
}

/** The version of an installed npm package; undefined when it is not there. */
export async function packageVersion(options: {
  readonly root: string;
  readonly name: string;
}): Promise<string | undefined> {
  const path = join(options.root, "node_modules", options.name, "package.json");
  try {
    const parsed: unknown = JSON.parse(await readFile(path, "utf8"));
    if (typeof parsed !== "object" || parsed === null || !("version" in parsed)) return undefined;
    return typeof parsed.version === "string" ? parsed.version : undefined;
  } catch {
    return undefined;
  }
}
