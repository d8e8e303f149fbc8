/** Tests of tidy: each rule sees what is planted for it, and leaves what is right alone. */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { allowedImports } from "./imports.ts";
import { checkTree } from "./tree.ts";

const opening = "/** What it owns. */";

function messagesOf(path: string, ...lines: readonly string[]): readonly string[] {
  const text = path.endsWith(".ts") ? [opening, ...lines, ""].join("\n") : lines.join("\n");
  return checkTree([{ path, text }]).map(({ line, message }) => `${line ?? "-"}: ${message}`);
}

describe("imports", () => {
  test("what the table does not allow is named with its line", () => {
    expect(messagesOf("harness/report/x.ts", 'import { a } from "../run/run.ts";')).toEqual([
      "2: imports harness/run; " +
        "harness/report may import harness/record, harness/statistics, runtime/check",
    ]);
    expect(
      messagesOf("harness/report/x.ts", 'const a = await import("../run/run.ts");'),
    ).toHaveLength(1);
    const core = 'import type { A } from "../../runtime/core/core.ts";';
    expect(messagesOf("harness/record/x.ts", core)).toEqual([
      "2: imports runtime/core; harness/record may import nothing of ours",
    ]);
    expect(
      messagesOf("suites/a/x.ts", 'import { a } from "../../harness/run/run.ts";'),
    ).toHaveLength(1);
    expect(messagesOf("scripts/x.ts", 'import "../../elsewhere.ts";')).toHaveLength(1);
    expect(messagesOf("harness/run/x.ts", 'import "../../scripts/check.ts";')).toHaveLength(1);
  });

  test("what it allows passes", () => {
    for (const [folder, allowed] of Object.entries(allowedImports)) {
      const up = "../".repeat(folder.split("/").length);
      const lines = [...allowed, folder].map((target) => `import "${up}${target}/x.ts";`);
      expect(messagesOf(`${folder}/y.ts`, ...lines)).toEqual([]);
    }
    expect(messagesOf("vitest.config.ts", 'import "vitest/config";', "export default {};")).toEqual(
      [],
    );
  });

  test("no folder may import one that comes later, so that there is no circle of them", () => {
    const folders = Object.keys(allowedImports);
    for (const [index, folder] of folders.entries()) {
      const later = folders.slice(index + 1);
      for (const allowed of allowedImports[folder] ?? []) {
        // An entry and the index stand behind all folders of their floor.
        const isFloor = allowed === folder || !later.some((each) => each.startsWith(allowed));
        expect([folder, allowed, isFloor]).toEqual([folder, allowed, true]);
      }
    }
  });

  test("a folder outside the table is named", () => {
    expect(messagesOf("harness/surprise/x.ts")).toHaveLength(1);
    expect(messagesOf("surprise/x.ts")).toHaveLength(1);
  });

  test("the runtime takes Node in one file alone, and no package; its tests have vitest", () => {
    const files = 'import { promises } from "node:fs";';
    expect(messagesOf("runtime/core/x.ts", files)).toHaveLength(1);
    expect(messagesOf("runtime/core/x.ts", 'import { z } from "zod";')).toHaveLength(1);
    expect(messagesOf("runtime/core/x.test.ts", 'import { test } from "vitest";')).toEqual([]);
    expect(messagesOf("runtime/core/x.test.ts", 'import { z } from "zod";')).toHaveLength(1);
    expect(messagesOf("runtime/store/file-store.ts", files)).toHaveLength(1);
    expect(messagesOf("runtime/store/node.ts", files)).toEqual([]);
  });
});

describe("rules", () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ["101 columns", "harness/run/x.ts", [`// ${"x".repeat(98)}`]],
    ["402 lines", "harness/run/x.ts", Array.from({ length: 401 }, () => "const a = 1;")],
    ["unfinished work", "README.md", [`${"TO"}DO: later`]],
    ["registry host", "package-lock.json", [`"https://registry.npm${"js.org"}/a"`]],
    ["a path of one machine", "README.md", [`look into ${"/ro"}ot/.cache`]],
    ["does not open with a sentence", "zig/core/x.zig", ["const std = 1;"]],
    ["does not open with a sentence", "zig/core/x.c", ["int a;"]],
    ["looks like upstream's", "lua/lapi.c", ["/* An API. */"]],
    ["looks like upstream's", "lua/x.c", ["/* Copyright (C) 1994-2025 Lua.org, PUC-Rio. */"]],
    [
      "a path is no URL",
      "harness/run/x.ts",
      [`const a = new URL(".", import.meta.${"url"}).pathname;`],
    ],
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
    const lines = [`// https://example.org/${"x".repeat(100)}`];
    expect(messagesOf("harness/run/x.ts", ...lines)).toEqual([]);
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
    copyFileSync(join(import.meta.dirname, "../../.gitattributes"), join(folder, ".gitattributes"));
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
