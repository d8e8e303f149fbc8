/** The one table of what each folder may import, and the check of a file against it. */
import { posix } from "node:path";
import { moduleImports } from "../../harness/build/module-imports.ts";
import { isTest, type SourceFile, type Violation } from "./rules.ts";

/**
 * The folders in the order of the flow: each sees folders before it, and of those what it needs;
 * "runtime" and "harness" stand for all of theirs. A folder may always import itself. That nothing
 * is imported from further down the table, a test checks: so there is no circle of folders.
 */
export const allowedImports: Readonly<Record<string, readonly string[]>> = {
  "runtime/abi": [],
  "runtime/check": [],
  "runtime/bytes": ["runtime/abi", "runtime/check"],
  "runtime/map": ["runtime/abi"],
  "runtime/scalar": ["runtime/bytes", "runtime/check"],
  "runtime/graph": [
    "runtime/abi",
    "runtime/bytes",
    "runtime/check",
    "runtime/map",
    "runtime/scalar",
  ],
  "runtime/value": [
    "runtime/abi",
    "runtime/bytes",
    "runtime/check",
    "runtime/graph",
    "runtime/map",
    "runtime/scalar",
  ],
  "runtime/table": [
    "runtime/abi",
    "runtime/bytes",
    "runtime/check",
    "runtime/map",
    "runtime/scalar",
    "runtime/value",
  ],
  "runtime/instance": [
    "runtime/abi",
    "runtime/bytes",
    "runtime/check",
    "runtime/graph",
    "runtime/map",
    "runtime/scalar",
    "runtime/table",
    "runtime/value",
  ],
  "runtime/snapshot": [
    "runtime/abi",
    "runtime/bytes",
    "runtime/check",
    "runtime/graph",
    "runtime/instance",
    "runtime/map",
    "runtime/scalar",
    "runtime/table",
    "runtime/value",
  ],
  "runtime/core": [
    "runtime/abi",
    "runtime/bytes",
    "runtime/check",
    "runtime/graph",
    "runtime/instance",
    "runtime/scalar",
    "runtime/snapshot",
    "runtime/table",
    "runtime/value",
  ],
  "runtime/store": [
    "runtime/abi",
    "runtime/bytes",
    "runtime/check",
    "runtime/graph",
    "runtime/instance",
    "runtime/map",
    "runtime/scalar",
    "runtime/snapshot",
    "runtime/table",
    "runtime/value",
  ],
  runtime: ["runtime"],
  "harness/variant": ["runtime/abi"],
  "harness/wasm": ["runtime/bytes", "runtime/check"],
  "harness/record": [],
  "harness/statistics": ["harness/record"],
  "harness/engine": [],
  "harness/build": [
    "harness/engine",
    "harness/variant",
    "harness/wasm",
    "runtime/abi",
    "runtime/bytes",
    "runtime/check",
  ],
  "harness/native": ["harness/build", "harness/engine"],
  "harness/suite": ["runtime"],
  "harness/bench": [
    "harness/engine",
    "harness/record",
    "harness/statistics",
    "harness/wasm",
    "runtime",
  ],
  "harness/meter": ["harness/bench", "harness/engine", "harness/wasm", "runtime"],
  "harness/ledger": ["harness/record", "harness/wasm", "runtime/check"],
  "harness/fuzz": ["harness/engine", "runtime"],
  "harness/run": [
    "harness/bench",
    "harness/build",
    "harness/engine",
    "harness/ledger",
    "harness/meter",
    "harness/record",
    "harness/statistics",
    "harness/suite",
    "harness/wasm",
    "runtime",
  ],
  "harness/report": ["harness/record", "harness/statistics", "runtime/check"],
  // Of lua/ its hashes (upstream.json): which file of upstream's a case was written for.
  suites: [
    "harness/bench",
    "harness/fuzz",
    "harness/statistics",
    "harness/suite",
    "harness/wasm",
    "lua",
    "runtime",
  ],
  benchmarks: ["harness/bench", "harness/suite", "runtime"],
  "scripts/command": ["harness", "runtime"],
  "scripts/progress": ["harness", "runtime", "scripts/command"],
  "scripts/subject": ["harness", "runtime", "scripts/command", "suites"],
  "scripts/worker": ["benchmarks", "harness", "runtime", "suites"],
  "scripts/native": ["harness", "suites"],
  "scripts/ledger": ["harness", "scripts/command", "scripts/subject"],
  "scripts/bench": ["benchmarks", "harness", "runtime", "scripts/command", "scripts/subject"],
  "scripts/fuzz": [
    "harness",
    "runtime",
    "scripts/command",
    "scripts/progress",
    "scripts/subject",
    "suites",
  ],
  "scripts/matrix": [
    "benchmarks",
    "harness",
    "runtime",
    "scripts/bench",
    "scripts/command",
    "scripts/ledger",
    "scripts/progress",
    "scripts/subject",
    "suites",
  ],
  "scripts/tidy": ["harness", "scripts/command"],
  "scripts/mutants": [
    "harness",
    "scripts/command",
    "scripts/progress",
    "scripts/subject",
    "scripts/tidy",
    "suites",
  ],
  "scripts/check": [
    "benchmarks",
    "harness",
    "runtime",
    "scripts/command",
    "scripts/progress",
    "scripts/subject",
    "suites",
  ],
  scripts: ["benchmarks", "harness", "lua", "runtime", "scripts", "suites"],
  web: ["runtime"],
  tests: ["benchmarks", "harness", "lua", "runtime", "scripts", "suites"],
};

/** Folders whose own folders are rooms of the table. */
const floors = ["harness", "runtime", "scripts"];

/** What tests bring along, on top of what their folder may import. */
const testPackages = ["vitest", "fast-check", "@playwright/test"];

export function checkImports({ path, text }: SourceFile): readonly Violation[] {
  const folder = folderOf(path);
  if (folder === undefined) return [];
  const allowed = allowedImports[folder];
  if (allowed === undefined) {
    return [{ path, message: "its folder is not in the import table (scripts/tidy/imports.ts)" }];
  }
  return moduleImports(text).flatMap(({ specifier, line, form }) => {
    if (form === "url") return [];
    const message = specifier.startsWith(".")
      ? wrongFolder({ path, specifier, folder, allowed })
      : wrongPackage({ path, specifier, folder });
    return message === undefined ? [] : [{ path, line, message }];
  });
}

/** "runtime/value" of runtime/value/values.ts, "suites" of suites/hosts/index.ts, "scripts" of an
 * entry; none of a file of the project's own folder, which configures a tool. */
function folderOf(path: string): string | undefined {
  const [first = "", second = "", third] = path.split("/");
  if (first === path) return undefined;
  return floors.includes(first) && third !== undefined ? `${first}/${second}` : first;
}

function wrongFolder(options: {
  readonly path: string;
  readonly specifier: string;
  readonly folder: string;
  readonly allowed: readonly string[];
}): string | undefined {
  const { path, specifier, folder, allowed } = options;
  const target = posix.join(posix.dirname(path), specifier);
  if (target.startsWith("..")) return `imports ${specifier}, which lies outside the project`;
  const targetFolder = folderOf(target);
  if (targetFolder === undefined || targetFolder === folder) return undefined;
  const [floor = ""] = targetFolder.split("/");
  if (allowed.includes(targetFolder) || allowed.includes(floor)) return undefined;
  // A test may look at all of the product.
  if (isTest(path) && floor === "runtime" && folder.startsWith("runtime/")) return undefined;
  const may = allowed.length === 0 ? "nothing of ours" : allowed.join(", ");
  return `imports ${targetFolder}; ${folder} may import ${may}`;
}

/** The one file of the runtime that is for Node: others are given what they need of it. */
const nodeFile = "runtime/store/node.ts";

/** What applications embed runs in every engine, and brings nothing along. */
function wrongPackage(options: {
  readonly path: string;
  readonly specifier: string;
  readonly folder: string;
}): string | undefined {
  const { path, specifier, folder } = options;
  if (folder !== "runtime" && !folder.startsWith("runtime/")) return undefined;
  if (path === nodeFile && specifier.startsWith("node:")) return undefined;
  if (isTest(path) && (testPackages.includes(specifier) || specifier.startsWith("node:"))) {
    return undefined;
  }
  return `imports ${specifier}; the runtime takes nothing but Node, and that in ${nodeFile} alone`;
}
