/** Tests of tidy: each rule sees what is planted for it, and leaves what is right alone. */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkTree } from "./tidy.ts";
import { allowedImports } from "./tidy-imports.ts";

const opening = "/** What it owns. */";

function messagesOf(path: string, ...lines: readonly string[]): readonly string[] {
  const text = path.endsWith(".ts") ? [opening, ...lines, ""].join("\n") : lines.join("\n");
  return checkTree([{ path, text }]).map(({ line, message }) => `${line ?? "-"}: ${message}`);
}

describe("imports", () => {
  test("what the table does not allow is named with its line", () => {
    expect(messagesOf("harness/report/x.ts", 'import { a } from "../run/run.ts";')).toEqual([
      "2: imports harness/run; harness/report may import harness/record",
    ]);
    expect(
      messagesOf("harness/report/x.ts", 'const a = await import("../run/run.ts");'),
    ).toHaveLength(1);
    expect(messagesOf("harness/variant/x.ts", 'import type { A } from "../core/core.ts";')).toEqual(
      ["2: imports harness/core; harness/variant may import nothing of ours"],
    );
    expect(
      messagesOf("suites/a/x.ts", 'import { a } from "../../harness/run/run.ts";'),
    ).toHaveLength(1);
    expect(messagesOf("harness/cli/x.ts", 'import "../../../elsewhere.ts";')).toHaveLength(1);
  });

  test("what it allows passes", () => {
    for (const [folder, allowed] of Object.entries(allowedImports)) {
      const targets = allowed === "all" ? ["harness/core"] : [...allowed, folder];
      const up = "../".repeat(folder.split("/").length);
      const lines = targets.map((target) => `import "${up}${target}/x.ts";`);
      expect(messagesOf(`${folder}/y.ts`, ...lines)).toEqual([]);
    }
    expect(messagesOf("vitest.config.ts", 'import "vitest/config";', "export default {};")).toEqual(
      [],
    );
  });

  test("a folder outside the table is named", () => {
    expect(messagesOf("harness/surprise/x.ts")).toHaveLength(1);
    expect(messagesOf("surprise/x.ts")).toHaveLength(1);
  });

  test("harness/core imports no Node and no dependency; its tests may use vitest", () => {
    expect(messagesOf("harness/core/x.ts", 'import "node:fs";')).toHaveLength(1);
    expect(messagesOf("harness/core/x.ts", 'import { z } from "zod";')).toHaveLength(1);
    expect(messagesOf("harness/core/x.test.ts", 'import { test } from "vitest";')).toEqual([]);
    expect(messagesOf("harness/core/x.test.ts", 'import { z } from "zod";')).toHaveLength(1);
  });

  test("harness/store has files for Node, each for its own part of it", () => {
    const files = 'import { promises } from "node:fs";';
    expect(messagesOf("harness/store/file-store.ts", files)).toHaveLength(1);
    expect(messagesOf("harness/store/node-file-system.ts", files)).toEqual([]);
    expect(messagesOf("harness/store/node-folder-lock.ts", 'import "node:net";')).toEqual([]);
    const system = 'import "node:os";';
    expect(messagesOf("harness/store/node-file-system.ts", system)).toHaveLength(1);
  });
});

describe("rules", () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ["the type any", "harness/run/x.ts", ["const a: any = 1;"]],
    ["the type any", "harness/run/x.ts", ["const a = b as any;"]],
    ["default export", "harness/run/x.ts", ["export default 1;"]],
    ["process is touched", "harness/run/x.ts", ["const a = process.env;"]],
    ["process is touched", "harness/run/x.ts", ['import { env } from "node:process";']],
    ["only exports what others own", "harness/run/x.ts", ['export { a } from "./a.ts";']],
    ["101 columns", "harness/run/x.ts", [`// ${"x".repeat(98)}`]],
    ["402 lines", "harness/run/x.ts", Array.from({ length: 401 }, () => "const a = 1;")],
    ["unfinished work", "README.md", [`${"TO"}DO: later`]],
    ["registry host", "package-lock.json", [`"https://registry.npm${"js.org"}/a"`]],
    ["a path of one machine", "README.md", [`look into ${"/ro"}ot/.cache`]],
    ["does not open with a sentence", "zig/core/x.zig", ["const std = 1;"]],
    ["does not open with a sentence", "zig/core/x.c", ["int a;"]],
    ["looks like upstream's", "lua/lapi.c", ["/* An API. */"]],
    ["looks like upstream's", "lua/x.c", ["/* Copyright (C) 1994-2025 Lua.org, PUC-Rio. */"]],
    ["a path is no URL", "harness/run/x.ts", ['const a = new URL(".", import.meta.url).pathname;']],
    ["a path is no URL", "harness/run/x.ts", [`const a = new URL(\`file:${"//"}\${root}\`);`]],
    ["ends in CR LF", "lua/examples/x.lua", ["-- A program.\r", "return 1\r"]],
    ["generated or fetched", "web/core.wasm", [""]],
  ];
  test.each(cases)("%s in %s", (expected, path, lines) => {
    expect(messagesOf(path, ...lines).join("\n")).toContain(expected);
  });

  test("a file without its opening sentence", () => {
    const text = "const a = 1;\n";
    expect(checkTree([{ path: "harness/run/x.ts", text }])).toHaveLength(1);
  });

  test("what only looks like a violation passes", () => {
    const lines = [
      'const text = "process.exit, any, export default";',
      "const company: Company = anything as Many;",
      "const object = { any: 1, process: 2 };",
      `// https://example.org/${"x".repeat(100)}`,
      'export { a } from "./a.ts";',
      "export const b = 1;",
    ];
    expect(messagesOf("harness/run/x.ts", ...lines)).toEqual([]);
    expect(messagesOf("harness/core/index.ts", 'export { a } from "./a.ts";')).toEqual([]);
    expect(messagesOf("scripts/x.ts", "process.exitCode = 1;")).toEqual([]);
  });
});

test("a checkout has LF, whatever git is told to make of line ends", () => {
  const folder = mkdtempSync(join(tmpdir(), "tidy-"));
  const git = (...args: readonly string[]): void => {
    const crlf = ["-c", "core.autocrlf=true", "-c", "core.eol=crlf"];
    const person = ["-c", "user.name=a", "-c", "user.email=a@b.c"];
    execFileSync("git", [...crlf, ...person, ...args], { cwd: folder, stdio: "ignore" });
  };
  const text = join(folder, "x.lua");
  const image = join(folder, "x.png");
  try {
    git("init");
    copyFileSync(join(import.meta.dirname, "../.gitattributes"), join(folder, ".gitattributes"));
    writeFileSync(text, "return 1\r\n");
    writeFileSync(image, "PNG\r\n");
    git("add", ".");
    git("commit", "-m", "first");
    rmSync(text);
    rmSync(image);
    git("checkout", "--", ".");
    expect(readFileSync(text, "utf8")).toBe("return 1\n");
    expect(readFileSync(image, "utf8")).toBe("PNG\r\n");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
