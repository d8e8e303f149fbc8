/** The files that git keeps, and what tidy finds in them. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { runChild } from "../../harness/engine/child.ts";
import { UsageError } from "../command/usage.ts";
import { checkImports } from "./imports.ts";
import { checkFile, type SourceFile, type Violation } from "./rules.ts";

const binary = /\.(?:png|jpe?g|gif|ico|woff2?)$/;

export function checkTree(files: readonly SourceFile[]): readonly Violation[] {
  return files.flatMap((file) => [
    ...checkFile(file),
    ...(file.path.endsWith(".ts") ? checkImports(file) : []),
  ]);
}

/** What git does not know yet may be anything: `git add` it first. Throws UsageError. */
export async function readTree(root: string, signal: AbortSignal): Promise<readonly SourceFile[]> {
  const listed = await runChild({ command: ["git", "ls-files", "-z"], cwd: root, signal });
  if (!listed.ok) throw new UsageError(`the project is no git checkout: ${listed.log}`);
  const paths = listed.output.split("\0").filter((path) => {
    return path !== "" && !binary.test(path) && existsSync(join(root, path));
  });
  return await Promise.all(
    paths.map(async (path) => ({ path, text: await readFile(join(root, path), "utf8") })),
  );
}
