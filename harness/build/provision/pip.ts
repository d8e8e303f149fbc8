/** Finds pip and has it fetch exactly one known file; tells its failures apart. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "./command.ts";
import { partialMark } from "./folder.ts";
import { type ProvisionContext, toolsFolder } from "./provision-context.ts";
import { diskFull, ProvisionError, saysDiskFull } from "./provision-error.ts";

type PipCommand = readonly [string, ...string[]];

/** A virtual environment's `python3 -m pip` goes before a `pip` that may belong to another. */
const candidates: readonly PipCommand[] = [
  ["python3", "-m", "pip"],
  ["python", "-m", "pip"],
  ["py", "-3", "-m", "pip"],
  ["pip3"],
  ["pip"],
];

/** The first pip that answers. Throws ProvisionError when there is none. */
async function findPip(context: ProvisionContext): Promise<PipCommand> {
  for (const candidate of candidates) {
    const { ok } = await runCommand([...candidate, "--version"], context);
    if (ok) return candidate;
  }
  throw new ProvisionError({
    problem: "Python 3 with pip is not there (tried python3, python, py, pip3, pip)",
    where: "PATH",
    remedy:
      "install Python 3 and its pip (Debian: apt-get install python3-pip), then: npm run setup",
  });
}

export interface PipRequest {
  /** "ziglang==0.17.0" */
  readonly requirement: string;
  /** Of each file that may come; any other is refused. */
  readonly sha256s: readonly string[];
  /** "install" or "download", and options. */
  readonly args: readonly [string, ...string[]];
  readonly environment?: Readonly<Record<string, string>>;
  /** What to do when the file can't be fetched. */
  readonly remedy: string;
}

/** Runs pip for one requirement whose hash is known. Throws ProvisionError. */
export async function runPip(request: PipRequest, context: ProvisionContext): Promise<void> {
  const pip = await findPip(context);
  const tools = toolsFolder(context.root);
  await mkdir(tools, { recursive: true });
  const folder = await mkdtemp(join(tools, `pip${partialMark}`));
  try {
    const requirements = join(folder, "requirements.txt");
    const hashes = request.sha256s.map((sha256) => ` --hash=sha256:${sha256}`).join("");
    await writeFile(requirements, `${request.requirement}${hashes}\n`);
    const fixed = ["--disable-pip-version-check", "--no-input", "--retries", "1", "--no-deps"];
    const { ok, log } = await runCommand(
      [...pip, ...request.args, ...fixed, "--require-hashes", "--requirement", requirements],
      context,
      request.environment,
    );
    if (!ok) throw pipError(request, { pip: pip.join(" "), log });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function pipError(
  { requirement, remedy }: PipRequest,
  { pip, log }: { readonly pip: string; readonly log: string },
): ProvisionError {
  const where = `${pip}, ${requirement}`;
  if (saysDiskFull(log)) return diskFull(where);
  if (/DO NOT MATCH THE HASHES/i.test(log)) {
    const got = /Got\s+([0-9a-f]{64})/.exec(log)?.[1] ?? "another";
    return new ProvisionError({
      problem: `${requirement} has the wrong checksum: ${got}`,
      where,
      remedy: `pip cache remove '${requirement.split("==")[0]}', or use another index; ${remedy}`,
    });
  }
  if (/Could not find a version|No matching distribution/i.test(log)) {
    const known = /from versions: (?!none)([^)]*)\)/.exec(log)?.[1];
    const problem =
      known === undefined
        ? `pip finds no ${requirement}: no network, no index, or no file for this machine`
        : `the index has no ${requirement} for this machine`;
    return new ProvisionError({ problem, where, remedy });
  }
  const lines = log.split("\n").filter((line) => /error/i.test(line));
  return new ProvisionError({
    problem: `pip failed: ${(lines.at(-1) ?? log.split("\n").at(-1) ?? "no message").trim()}`,
    where,
    remedy,
  });
}
