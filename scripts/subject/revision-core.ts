/** The wasm that another commit of the project builds: kept, so that it is built once. */
import { existsSync } from "node:fs";
import { copyFile, cp, mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { runChild } from "../../harness/engine/child.ts";
import type { Invocation } from "../command/invocation.ts";
import { ownershipRefusal } from "../command/machine.ts";
import { projectPaths } from "../command/paths.ts";
import { UsageError } from "../command/usage.ts";

export interface RevisionCore {
  /** "freestanding-small-js-opt @ 1a2b3c4d5e6f". */
  readonly name: string;
  readonly wasmPath: string;
}

/** The commit's build failed, or its harness can't be run with the packages that are here. */
class RevisionError extends Error {
  override readonly name = "RevisionError";
}

/** Throws UsageError for no commit of that name, RevisionError, and the signal's reason. */
export async function revisionCore(
  revision: string,
  variantId: string,
  invocation: Invocation,
): Promise<RevisionCore> {
  const commit = await commitOf(revision, invocation);
  const name = `${variantId} @ ${commit.slice(0, 12)}`;
  const folder = join(projectPaths(invocation.root).cache, "revisions", commit);
  const wasmPath = join(folder, `${variantId}.wasm`);
  if (!existsSync(wasmPath)) {
    invocation.stderr.write(`${name}: built in a checkout of its own\n`);
    await mkdir(folder, { recursive: true });
    await buildIn(folder, { commit, variantId, wasmPath }, invocation);
  }
  return { name, wasmPath };
}

async function commitOf(revision: string, { root, signal }: Invocation): Promise<string> {
  const wanted = `${revision}^{commit}`;
  const command = ["git", "rev-parse", "--verify", "--quiet", "--end-of-options", wanted] as const;
  const { ok, output, log } = await runChild({ command: [...command], cwd: root, signal });
  if (ok) return output.trim();
  const refusal = ownershipRefusal(log, root);
  if (refusal !== undefined) throw new UsageError(`--against ${revision}: ${refusal}`);
  throw new UsageError(`--against ${revision}: no variant, no .wasm file, and no commit of git`);
}

/** In a checkout that is gone afterwards; the toolchain and the packages are those of here. */
async function buildIn(
  folder: string,
  made: { readonly commit: string; readonly variantId: string; readonly wasmPath: string },
  { root, signal, environment }: Invocation,
): Promise<void> {
  const { commit, variantId, wasmPath } = made;
  const place = await mkdtemp(join(folder, "tree-"));
  const tree = join(place, "main");
  const run = async (cwd: string, command: readonly [string, ...string[]], script = false) => {
    const child = { command, cwd, environment, script, signal };
    const { ok, output, log } = await runChild(child);
    if (!ok) throw new RevisionError(`${commit}: ${command.join(" ")} failed:\n${log}`);
    return output;
  };
  try {
    await run(root, ["git", "clone", "--quiet", "--shared", "--no-checkout", root, tree]);
    await run(tree, ["git", "checkout", "--quiet", "--detach", commit]);
    await symlink(join(root, "node_modules"), join(tree, "node_modules"), "junction");
    const tools = join(root, ".tools");
    // Another commit may want another toolchain: what it sets up is not to land here.
    if (existsSync(tools)) await cp(tools, join(tree, ".tools"), { recursive: true });
    const table = await run(tree, [join("scripts", "build.ts"), variantId], true);
    const built = table.trim().split(/\s+/).at(-1) ?? "";
    await copyFile(join(tree, built), wasmPath);
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}
