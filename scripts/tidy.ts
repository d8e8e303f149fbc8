/** `node scripts/tidy.ts`: checks every file of the tree against the import table and the rules. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Invocation } from "../harness/cli/invocation.ts";
import { runAsProcess } from "../harness/cli/process.ts";
import { checkImports } from "./tidy-imports.ts";
import { checkFile, type SourceFile, type Violation } from "./tidy-rules.ts";

const binary = /\.(?:png|jpe?g|gif|ico|woff2?)$/;

export function checkTree(files: readonly SourceFile[]): readonly Violation[] {
  return files.flatMap((file) => [
    ...checkFile(file),
    ...(file.path.endsWith(".ts") ? checkImports(file) : []),
  ]);
}

/** The files that git would keep: all but the folders that .gitignore names. */
async function readTree(root: string): Promise<readonly SourceFile[]> {
  const ignored = new Set([
    ".git/",
    ...(await readFile(join(root, ".gitignore"), "utf8")).split("\n"),
  ]);
  const isIgnored = (path: string): boolean =>
    ignored.has(`${path}/`) || ignored.has(`${path.split("/").at(-1)}/`);
  const files: SourceFile[] = [];
  const pending = [""];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (isIgnored(path)) continue;
      if (entry.isDirectory()) pending.push(path);
      else if (!binary.test(path)) {
        files.push({ path, text: await readFile(join(root, path), "utf8") });
      }
    }
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function main({ stdout }: Invocation): Promise<number> {
  const files = await readTree(fileURLToPath(new URL("..", import.meta.url)));
  const violations = checkTree(files);
  for (const { path, line, message } of violations) {
    stdout.write(`${path}${line === undefined ? "" : `:${line}`}: ${message}\n`);
  }
  stdout.write(`tidy: ${files.length} files, ${violations.length} violations\n`);
  return violations.length === 0 ? 0 : 1;
}

if (import.meta.main) await runAsProcess(main);
