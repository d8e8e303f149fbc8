/** The examples of lua/examples/persistence: each ends in another process, on another variant. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execaNode } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { build } from "../harness/build/build.ts";
import { provision } from "../harness/build/provision/provision.ts";
import { quickVariants } from "../harness/variant/list.ts";
import { projectInvocation } from "../scripts/command/invocation.fixture.ts";

const stop = new AbortController();
const { root, environment, signal, nodePath } = projectInvocation(stop.signal);
const folder = mkdtempSync(join(tmpdir(), "go-on-"));
const examples = join(root, "lua", "examples", "persistence");
const wasmPaths: string[] = [];

beforeAll(async () => {
  const tools = await provision({ root, environment, progress: () => {}, signal });
  for (const variant of quickVariants().slice(0, 2)) {
    const built = await build(variant, { root, tools, signal });
    if (!built.ok) throw new TypeError(built.message);
    wasmPaths.push(built.artifact.wasmPath);
  }
});
afterAll(() => {
  stop.abort();
  rmSync(folder, { recursive: true, force: true });
});

async function goOn(...args: readonly string[]): Promise<string> {
  const { stdout } = await execaNode(join(root, "scripts", "go-on.ts"), args, { nodePath });
  return stdout;
}

const lines: readonly (readonly [string, string, string])[] = [
  ["counter-closure", "counted from 2 to 3", "counted from 3 to 4"],
  ["memoized-fib", "fib(30) = 832040, 29 of them new", "fib(40) = 102334155, 10 of them new"],
  [
    "objects",
    "Ann: 103.00, Bob: 102.00; richest is Ann",
    "Ann: 106.09, Bob: 102.00; richest is Ann",
  ],
  [
    "recursive-module",
    "1+(2+(3+4))+(0) = 10, sum 1 of sums, the same module",
    "1+(2+(3+4))+(1) = 11, sum 2 of sums, the same module",
  ],
  [
    "suspended-machine",
    "push: locked 0/1, coin: unlocked 0/1, push: locked 1/1, coin: unlocked 1/1",
    "coin: locked 1/1, push: locked 1/2, coin: unlocked 1/2, push: locked 2/2",
  ],
];

test.each(lines)("%s", async (name, saved, restored) => {
  const [first = "", second = ""] = wasmPaths;
  const snapshot = join(folder, `${name}.snapshot`);
  expect(await goOn("save", first, join(examples, `${name}.lua`), snapshot)).toBe(saved);
  expect(await goOn("restore", second, snapshot)).toBe(restored);
});

test("there is no other example", () => {
  expect(readdirSync(examples)).toEqual(lines.map(([name]) => `${name}.lua`));
});
