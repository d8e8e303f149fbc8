/** What the documents say and can be tried: commands, options, files, links, tables, counts. */
import { execFile } from "node:child_process";
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { workloads } from "../benchmarks/index.ts";
import { zigVersion } from "../harness/build/provision/zig-wheels.ts";
import { engineNames } from "../harness/engine/engines.ts";
import { allVariants, quickVariants, representativeVariants } from "../harness/variant/list.ts";
import { importsOf, statusCodes } from "../runtime/abi/abi.ts";
import { Core } from "../runtime/core/core.ts";
import { readCoreOptions } from "../runtime/core/options.ts";
import { defaultQuota } from "../runtime/table/quota.ts";
import { fuzzTargets } from "../suites/fuzz-targets.ts";
import { suites } from "../suites/index.ts";
import { account } from "../suites/official/account.ts";
import { parseBenchOptions } from "./bench/options.ts";
import {
  anchorOf,
  commandsIn,
  firstColumn,
  linksIn,
  type Named,
  optionsIn,
  pathsIn,
  wordsOf,
} from "./docs.fixture.ts";
import { parseFuzzOptions } from "./fuzz/options.ts";
import { parseCommandLine } from "./matrix/command-line.ts";
import { selectPlan } from "./matrix/select-plan.ts";

const root = join(import.meta.dirname, "..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const paths = globSync(["*.md", "docs/*.md", "reports/fuzzed.md"], { cwd: root }).toSorted();
const documents = paths.map((path) => ({ path, text: read(path) }));
/** What continuous integration runs, its own expressions left out. */
const integration = [
  ".ci/run",
  ".github/workflows/matrix.yml",
  ".github/workflows/memcheck.yml",
].map((path) => ({ path, text: read(path).replaceAll(/\$\{\{.*?\}\}/g, "") }));
const npmScripts = Object.keys((JSON.parse(read("package.json")) as { scripts: object }).scripts);

const helps = new Map<string, string>();
/** Of wasm-opt, since ARCHITECTURE.md says how it is called. */
const wasmOpt = "node_modules/binaryen/bin/wasm-opt";
const helped = ["setup", "matrix", "build", "report", "check", "test", "test:native"];

/** Placeholders of the documents, by what could stand there. */
const examples: Readonly<Record<string, string>> = {
  ID: "freestanding-small-js-opt",
  "[ids]": "freestanding-small-js-opt",
  "i/n": "1/4",
};

beforeAll(async () => {
  const run = promisify(execFile);
  for (const script of helped) {
    const path = join(root, "scripts", `${script.replace(":", "-")}.ts`);
    const { stdout } = await run(process.execPath, [path, "--help"], { cwd: root });
    helps.set(script, stdout);
  }
  helps.set("wasm-opt", (await run(process.execPath, [join(root, wasmOpt), "--help"])).stdout);
  for (const sub of ["list", "accept", "repro", "ledger", "clean"]) {
    const parsed = parseCommandLine([sub, "--help"], engineNames);
    if (parsed.kind === "text") helps.set(`matrix ${sub}`, parsed.text);
  }
  const bench = parseBenchOptions(["--help"], workloads);
  if (bench.kind === "text") helps.set("bench", bench.text);
  const fuzz = parseFuzzOptions(["--help"], fuzzTargets);
  if (fuzz.kind === "text") helps.set("fuzz", fuzz.text);
});

function placed(named: readonly Named[]) {
  return named.map((each) => [`${each.document}:${each.line}`, each.text] as const);
}

describe("commands", () => {
  test.each(placed([...documents, ...integration].flatMap(commandsIn)))("%s: %s", (_, text) => {
    const [, ...words] = wordsOf(text).filter((word) => !/^--?s(?:ilent)?$/.test(word));
    const script = words[0] === "run" ? (words[1] ?? "") : (words[0] ?? "");
    expect(npmScripts).toContain(script);
    const at = words.indexOf("--");
    const args = at < 0 ? [] : words.slice(at + 1).map((word) => examples[word] ?? word);
    if (script === "matrix") {
      const command = parseCommandLine(args, engineNames);
      if (command.kind !== "run" || command.options.failed) return;
      selectPlan({ options: command.options, suites });
    } else if (script === "bench") parseBenchOptions(args, workloads);
    else if (script === "fuzz") parseFuzzOptions(args, fuzzTargets);
    else {
      for (const option of args.filter((arg) => arg.startsWith("--"))) {
        expect(helps.get(script)).toContain(` ${option}`);
      }
    }
  });

  test.each(placed(documents.flatMap(optionsIn)))("%s: %s", (_, option) => {
    const known = [...helps.values()].some((help) => help.includes(` ${option}`));
    expect(known).toBe(true);
  });
});

describe("files", () => {
  test.each(placed(documents.flatMap(pathsIn)))("%s: %s", (_, path) => {
    // What a run writes is there after a run.
    if (/^reports\/latest\//.test(path)) return;
    expect(
      path.includes("*") ? globSync(path, { cwd: root }) : [existsSync(join(root, path))],
    ).not.toSatisfy((found: readonly unknown[]) => found.length === 0 || found[0] === false);
  });

  const links = documents.flatMap(linksIn);
  test.each(placed(links))("%s links to %s", (place, link) => {
    const [document = ""] = place.split(":");
    const [path = "", anchor] = link.split("#");
    const target = path === "" ? document : join(dirname(document), path);
    expect(existsSync(join(root, target))).toBe(true);
    if (anchor === undefined) return;
    const headings = [...read(target).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => heading);
    expect(headings.map(anchorOf)).toContain(anchor);
  });
});

describe("tables", () => {
  const readme = read("README.md");
  const implementation = read("docs/IMPLEMENTATION.md");

  test("exit codes are those that the command itself names", () => {
    const told = firstColumn(readme, "| code | meaning |");
    const [, help = ""] = (helps.get("matrix") ?? "").split("Exit code, the first that applies:");
    expect(told).toEqual([...help.matchAll(/(\d+) [a-z]/g)].map(([, code]) => code));
  });

  test("the scripts are those of package.json", () => {
    const told = firstColumn(readme, "| command | does |");
    const names = told.map((cell) => /npm (?:run )?([\w:]+)/.exec(cell)?.[1]);
    expect(names.toSorted()).toEqual(npmScripts.toSorted());
  });

  test("the options of loadCore are all that there are", () => {
    const told = firstColumn(implementation, "| option | default | meaning |")
      .flatMap((cell) => cell.split(", "))
      .map((cell) => cell.replaceAll("`", ""));
    for (const name of told) {
      const message = (() => {
        try {
          readCoreOptions({ [name]: Symbol("none") });
          return "";
        } catch (error) {
          return String(error);
        }
      })();
      expect(message).not.toContain("has no option");
    }
    const source = read("runtime/core/options.ts");
    const [, rules = ""] = /const coreRules[^{]*\{([\s\S]*?)\n\};/.exec(source) ?? [];
    const names = [...rules.matchAll(/^ {2}(\w+):/gm)].map(([, name]) => name);
    expect(told.toSorted()).toEqual(names.toSorted());
  });

  test("defaults of quotas", () => {
    const told = implementation.matchAll(/^ {2}\| `(max\w+)` \| ([^|]*) \|/gm);
    const shown = new Map(
      Object.entries(defaultQuota).map(([name, limit]) => [
        name,
        limit === Infinity
          ? "none"
          : limit % 2 ** 20 === 0
            ? `${limit / 2 ** 20} MiB`
            : limit.toLocaleString("en"),
      ]),
    );
    expect(new Map([...told].map(([, name, limit]) => [name, limit]))).toEqual(shown);
    for (const [name, limit] of shown) {
      if (limit !== "none")
        expect(readme).toMatch(new RegExp(`${limit}\\s[^,;]*\\(\`${name}\`\\)`));
    }
  });

  test("the codes of failures are all that there are", () => {
    const told = firstColumn(implementation, "| code | when | what to do |")
      .flatMap((cell) => cell.split(", "))
      .map((cell) => cell.replaceAll("`", ""));
    const source = read("runtime/instance/result.ts");
    const [, own = ""] = /type FailureCode =([^;]*);/.exec(source) ?? [];
    const names = [...own.matchAll(/"([A-Z_]+)"/g)].map(([, name]) => name);
    const ofCore = Object.keys(statusCodes).filter((name) => name !== "SUCCESS");
    expect(told.toSorted()).toEqual([...new Set([...names, ...ofCore])].toSorted());
  });
});

/** What engines, tools and the place of a message add to it. */
const addedWords = [
  'Unknown file extension ".ts"',
  "npm warn EBADENGINE",
  "Build failed",
  "violates the following Content Security policy",
  "is no valid wasm",
  "is no core of this project",
  "attempt to load a binary chunk",
  "a function cannot leave Lua",
  "a table cannot be a key of an external table",
  "unsupported: valgrind does not run",
  "report.html in Chromium, skipped without one",
];

test("symptoms are words that our sources, or Lua's, hold", () => {
  const ours = "{harness,runtime,scripts}/**/*.{ts,js}";
  const files = globSync([ours, "zig/**/*.zig", ".tools/lua/*.c"], {
    cwd: root,
    exclude: (path) => path.endsWith(".test.ts"),
  });
  const joints = /(?:"|`)\s*\+\s*(?:"|`)/g;
  const sources = [...files.map((path) => read(path).replaceAll(joints, "")), ...addedWords];
  const rows = read("docs/TROUBLESHOOTING.md").match(/^\| [^|]*\|/gm) ?? [];
  const spans = rows.flatMap((row) =>
    [...row.matchAll(/`([^`]+)`/g)].map(([, span]) => span ?? ""),
  );
  const parts = spans
    .flatMap((span) => span.split(/^[A-Z_]+: |…|20(?=…)| 0\.17\.0| 5\.4\.8| lapi\.c/))
    .map((part) => part.trim())
    .filter((part) => part.length > 3 && !/^--/.test(part));
  expect(parts.length).toBeGreaterThan(40);
  const missing = parts.filter((part) => !sources.some((source) => source.includes(part)));
  expect(missing).toEqual([]);
});

/** The numbers that stand before a word in the documents: "48 variants". */
function numbersBefore(word: string): ReadonlySet<number> {
  const number = new RegExp(`\\b(\\d+) ${word}\\b`, "g");
  const found = paths.flatMap((path) => [...read(path).matchAll(number)]);
  expect(found.length).toBeGreaterThan(0);
  return new Set(found.map(([, digits]) => Number(digits)));
}

describe("counts and lists", () => {
  const readme = read("README.md");

  test("variants, quick set, suites", () => {
    expect(readme).toContain(`all ${allVariants().length}, none is excluded`);
    expect(numbersBefore("variants")).toEqual(new Set([allVariants().length]));
    for (const { id } of quickVariants()) expect(readme).toContain(`\`${id}\``);
    const [, listed = ""] = /and the\nsuites: ([\s\S]*?)\. These four run/.exec(readme) ?? [];
    const names = suites.map(({ name }) => name).filter((name) => listed.includes(`\`${name}\``));
    expect(names).toEqual(suites.map(({ name }) => name));
    const slow = suites.filter(({ spread }) => spread !== "every-variant");
    expect(readme).toContain("These four run on eight variants");
    expect([slow.length, representativeVariants().length]).toEqual([4, 8]);
  });

  test("imports, versions", () => {
    const packages = JSON.parse(read("package.json")) as {
      readonly devDependencies: Readonly<Record<string, string>>;
    };
    expect(readme).toContain(
      `${importsOf({ target: "freestanding", unwind: "js" }).length} imports`,
    );
    expect(readme).toContain(`wasmoon ${packages.devDependencies["wasmoon"]}`);
    expect(readme).toContain(`Zig ${zigVersion}`);
    const upstream = JSON.parse(read("lua/upstream.json")) as { readonly version: string };
    expect(readme).toContain(`Real PUC Lua ${upstream.version}`);
  });

  test("the reports that a run writes", () => {
    const names = [...read("harness/report/render.ts").matchAll(/^ {2}\| "([\w.]+)"/gm)];
    expect(names.length).toBeGreaterThan(4);
    for (const [, name] of names) expect(readme).toContain(`\`${name}\``);
  });

  test("upstream's test files", () => {
    const run = account.filter(({ run }) => run !== "not-run");
    const counts = `${run.length} of ${account.length} files`;
    expect(read("CHANGELOG.md")).toContain(counts);
    expect(readme.replaceAll("\n", " ")).toContain(
      `${run.length} of their ${account.length} files`,
    );
  });

  test("the workflow runs .ci/run, and no command beside it", () => {
    const [, workflow] = integration;
    expect(workflow?.text).toContain("run: .ci/run");
    expect(workflow === undefined ? [] : commandsIn(workflow)).toEqual([]);
  });

  test("workloads", () => {
    const changelog = read("CHANGELOG.md");
    const counted = workloads.filter(({ isLong }) => isLong === undefined);
    expect(changelog).toContain(`exact cost of ${counted.length} workloads`);
    const benchmarks = read("docs/BENCHMARKS.md");
    for (const { name } of workloads) expect(benchmarks).toMatch(new RegExp(`[| ]${name}[ ,]`));
    const classic = workloads.filter((workload) => workload.classic);
    expect(numbersBefore("classic")).toEqual(new Set([classic.length]));
  });

  test("methods of a core: each is told, and the suites call it", () => {
    const methods = Object.getOwnPropertyNames(Core.prototype).filter(
      (name) => name !== "constructor",
    );
    expect(methods.length).toBeGreaterThan(8);
    const told = read("docs/IMPLEMENTATION.md");
    const paths = globSync("suites/**/*.ts", { cwd: root });
    const calls = new Set(
      paths.flatMap((path) => read(path).match(/(?<=[a-z]\.)\w+(?=\()/g) ?? []),
    );
    for (const name of methods) {
      expect(told, "docs/IMPLEMENTATION.md").toContain(`\`${name}(`);
      expect(calls, "calls in suites/").toContain(name);
    }
  });
});
