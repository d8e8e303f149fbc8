/** The one table of what each folder may import, and the check of a file against it. */
import { posix } from "node:path";
import { moduleImports } from "../harness/run/module-imports.ts";
import { isTest, type SourceFile, type Violation } from "./tidy-rules.ts";

/** Everything of ours; who may import all stands at the end of the flow. */
const all = "all";

/**
 * variant → build → artifact → core → suite | bench → run → record → report: each folder sees what
 * comes before it, as far as it needs it. A folder may always import itself.
 */
export const allowedImports: Readonly<Record<string, readonly string[] | typeof all>> = {
  "harness/variant": [],
  "harness/artifact": [],
  "harness/record": [],
  "harness/core": ["harness/artifact"],
  "harness/build": ["harness/variant", "harness/artifact"],
  "harness/native": ["harness/build", "harness/artifact"],
  "harness/store": ["harness/core", "harness/artifact"],
  "harness/engine": ["harness/core", "harness/artifact"],
  "harness/suite": ["harness/core"],
  "harness/bench": ["harness/artifact", "harness/core", "harness/engine", "harness/record"],
  "harness/meter": ["harness/artifact", "harness/core", "harness/bench"],
  "harness/run": [
    "harness/artifact",
    "harness/core",
    "harness/suite",
    "harness/bench",
    "harness/engine",
    "harness/build",
    "harness/ledger",
    "harness/meter",
    "harness/record",
  ],
  "harness/ledger": ["harness/artifact", "harness/record"],
  "harness/fuzz": ["harness/core", "harness/engine"],
  "harness/report": ["harness/record"],
  "harness/cli": all,
  // Of lua/ its hashes (upstream.json): which file of upstream's a case was written for.
  suites: [
    "harness/core",
    "harness/suite",
    "harness/bench",
    "harness/artifact",
    "harness/fuzz",
    "harness/record",
    "harness/store",
    "lua",
  ],
  benchmarks: ["harness/core", "harness/suite", "harness/bench", "harness/artifact"],
  web: ["harness/core"],
  scripts: all,
};

/** What tests bring along, on top of what their folder may import. */
const testPackages = ["vitest", "fast-check", "@playwright/test"];

export function checkImports({ path, text }: SourceFile): readonly Violation[] {
  const folder = folderOf(path);
  const allowed = folder === undefined ? undefined : allowedImports[folder];
  if (folder === undefined || allowed === undefined) return [unknownFolder(path)].flat();
  return moduleImports(text).flatMap(({ specifier, line, form }) => {
    if (form === "url") return [];
    const message = specifier.startsWith(".")
      ? wrongFolder({ path, specifier, folder, allowed })
      : wrongPackage({ path, specifier, folder });
    return message === undefined ? [] : [{ path, line, message }];
  });
}

/** "harness/core" of harness/core/values.ts, "suites" of suites/hosts/index.ts. */
function folderOf(path: string): string | undefined {
  const [first = "", second = "", third] = path.split("/");
  if (first === "harness" && third !== undefined) return `harness/${second}`;
  return first === path ? undefined : first;
}

/** Files of the project's own folder configure tools: they are not part of the flow. */
function unknownFolder(path: string): readonly Violation[] {
  if (!path.includes("/")) return [];
  return [{ path, message: "its folder is not in the import table (scripts/tidy-imports.ts)" }];
}

function wrongFolder(options: {
  readonly path: string;
  readonly specifier: string;
  readonly folder: string;
  readonly allowed: readonly string[] | typeof all;
}): string | undefined {
  const { path, specifier, folder, allowed } = options;
  const target = posix.join(posix.dirname(path), specifier);
  if (target.startsWith("..")) return `imports ${specifier}, which lies outside the project`;
  const targetFolder = folderOf(target);
  if (targetFolder === undefined || targetFolder === folder || allowed === all) return undefined;
  if (allowed.includes(targetFolder)) return undefined;
  const may = allowed.length === 0 ? "nothing of ours" : allowed.join(", ");
  return `imports ${targetFolder}; ${folder} may import ${may}`;
}

/** What applications embed: it runs in every engine. */
const portableFolders = ["harness/core", "harness/store"];
/** The files of them that are for Node, each for its own part of it: others get theirs passed. */
const nodeFiles: Readonly<Record<string, readonly string[]>> = {
  "harness/store/node-file-system.ts": ["node:fs"],
  "harness/store/node-folder-lock.ts": [
    ...["node:crypto", "node:fs/promises", "node:net", "node:os", "node:path"],
    "node:timers/promises",
  ],
};

/** The library that applications embed brings nothing along. */
function wrongPackage(options: {
  readonly path: string;
  readonly specifier: string;
  readonly folder: string;
}): string | undefined {
  const { path, specifier, folder } = options;
  if (!portableFolders.includes(folder)) return undefined;
  if (nodeFiles[path]?.includes(specifier) === true) return undefined;
  if (isTest(path) && (testPackages.includes(specifier) || specifier.startsWith("node:"))) {
    return undefined;
  }
  return `imports ${specifier}; ${folder} has no Node import and no dependency`;
}
