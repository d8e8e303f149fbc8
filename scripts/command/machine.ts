/** What a run is told of its surroundings: fingerprint, revision, versions of tools. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { arch, availableParallelism, cpus, platform, release, totalmem } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { shellWord } from "../../harness/build/shell-word.ts";
import type { Fingerprint } from "../../harness/record/record.ts";

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

/**
 * The commit, with "+" behind it when files differ from it; undefined outside git. Where git
 * refuses to read the checkout, `tell` gets a line with the command that mends it.
 */
export async function revisionOf(
  root: string,
  tell: (line: string) => void,
): Promise<string | undefined> {
  const git = async (...args: readonly string[]): Promise<string> =>
    (await execFileAsync("git", ["-C", root, ...args])).stdout.trim();
  try {
    const commit = await git("rev-parse", "--short=12", "HEAD");
    return (await git("status", "--porcelain")) === "" ? commit : `${commit}+`;
  } catch (error) {
    const refusal = ownershipRefusal(error instanceof Error ? error.message : "", root);
    if (refusal !== undefined) tell(`the revision is not known: ${refusal}`);
    return undefined;
  }
}

/** What to do, where git said that the checkout belongs to another user; else undefined. */
export function ownershipRefusal(said: string, root: string): string | undefined {
  // The command is in git's message, whatever its language.
  if (!said.includes("safe.directory")) return undefined;
  const place = /git config --global --add safe\.directory (.+)/.exec(said)?.[1] ?? shellWord(root);
  return (
    `git reads no checkout of another user (${root}); ` +
    `to mend it: git config --global --add safe.directory ${place}`
  );
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
