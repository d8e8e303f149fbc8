/** The ledger command on a core that is really built, on what the cache holds, and on wrong use. */
import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { basename, delimiter, join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { luaFolder } from "../harness/build/provision/lua.ts";
import { ledgerOf } from "../harness/ledger/ledger.ts";
import { readSources } from "../harness/ledger/read-sources.ts";
import type { SourceIndex } from "../harness/ledger/sources.ts";
import { type LedgerRecord, ledgerRecordSchema } from "../harness/record/record.ts";
import { projectInvocation, recordedInvocation } from "../scripts/command/invocation.fixture.ts";
import { UsageError } from "../scripts/command/usage.ts";
import { showLedger } from "../scripts/ledger/command.ts";
import { type LedgerCommand, ledgerCommand } from "../scripts/ledger/options.ts";

const project = projectInvocation(new AbortController().signal);
const { root } = project;
const core = "freestanding-fast-exnref-opt";
const other = "freestanding-small-js-opt";
const foreign = "node_modules/wasmoon/dist/glue.wasm";

async function ledger(commandLine: string): Promise<string> {
  let command: LedgerCommand | undefined;
  ledgerCommand((taken) => {
    command = taken;
  }).parse(commandLine.split(" "), { from: "user" });
  if (command === undefined) throw new Error(`"${commandLine}" is no command`);
  const { invocation, out } = recordedInvocation("", project);
  expect(await showLedger(command, invocation)).toBe(0);
  return out();
}

describe("on a built core", () => {
  let record: LedgerRecord;
  beforeAll(async () => {
    record = ledgerRecordSchema.parse(JSON.parse(await ledger(`${core} --json`)));
    await ledger(other);
  });

  test("every byte has an item, and every function a source", () => {
    expect(record.unaccountedBytes).toBe(0);
    expect(record.items.reduce((sum, [, , , bytes]) => sum + bytes, 0)).toBe(record.totalBytes);
    expect(record.groups.map(([group]) => group)).not.toContain("unknown");
    expect(record.axes).toMatchObject({ unwind: "exnref", post: "opt" });
    const groups = new Map(record.items.map(([kind, name, group]) => [`${kind} ${name}`, group]));
    expect(groups.get("function luaV_execute")).toBe("lua/lvm.c");
    expect(groups.get("function strtod")).toBe("libc/parse_number.zig");
    expect(groups.get("function Heap.reallocate")).toBe("zig/core/Heap.zig");
    expect(groups.get("import env.js_output")).toBe("imports");
  });

  test("says how it got in, and what it keeps", async () => {
    const why = await ledger(`${core} --why luaV_execute`);
    expect(why).toMatch(/^(?:export|element) .*\n(?: {2}.*\n)* +function luaV_execute /);
    const text = await ledger(`${core} --top 3`);
    expect(text).toMatch(/^freestanding-fast-exnref-opt: [\d,]+ bytes in [\d,]+ items, 0 unacc/);
    expect(text).toMatch(/^function luaV_execute +[\d,]+ +[\d,]+ +[\d,]+ {2}lua\/lvm\.c$/m);
    expect(text).toMatch(/^… \d[\d,]* more: --top N$/m);
  });

  test("compares two cells, and one with itself", async () => {
    const schema = z.object({
      bytesBefore: z.int(),
      bytesAfter: z.int(),
      items: z.array(z.object({ bytesBefore: z.int(), bytesAfter: z.int() })),
    });
    const difference = schema.parse(JSON.parse(await ledger(`${core} --against ${other} --json`)));
    const sum = difference.items.reduce(
      (total, item) => total + item.bytesAfter - item.bytesBefore,
      0,
    );
    expect(sum).toBe(difference.bytesAfter - difference.bytesBefore);
    expect(difference.bytesAfter).toBe(record.totalBytes);
    expect(await ledger(`${core} --against ${other}`)).toMatch(/grown, \d+ |shrunk/);
    expect(await ledger(`${core} --against ${core}`)).toContain("no item differs in size");
  });
});

describe("other readers of the same bytes", () => {
  let sources: SourceIndex;
  let files: readonly string[] = [];
  beforeAll(async () => {
    sources = await readSources({ root, luaFolder: luaFolder(project) });
    const artifacts = join(root, ".cache/artifacts");
    const entries = await readdir(artifacts, { recursive: true });
    const found = entries.filter(
      (name) => basename(name) === "core.wasm" && !name.includes(".partial"),
    );
    files = [join(root, foreign), ...onePerVariant(found.map((name) => join(artifacts, name)))];
  });

  test("no byte is unaccounted for in any variant that the cache holds", async () => {
    for (const file of files) {
      const wasm = new Uint8Array(await readFile(file));
      const { unaccountedBytes, items } = ledgerOf({ wasm, sources });
      const sum = items.reduce((total, { shallowBytes }) => total + shallowBytes, 0);
      expect([unaccountedBytes, sum], file).toEqual([0, wasm.length]);
    }
  });

  test("wasm-objdump sees sections of the same sizes", async () => {
    const compared = files.filter((file) => [foreign, core, other].some((id) => file.includes(id)));
    expect(compared).toHaveLength(3);
    for (const file of compared) {
      const { sections } = ledgerOf({ wasm: new Uint8Array(await readFile(file)), sources });
      expect(endsOf(sections), file).toEqual(await objdumpEnds(file));
    }
  });
});

/** Artifacts lie in "<variant>-<key>/": one of each will do, whatever its age. */
function onePerVariant(files: readonly string[]): readonly string[] {
  const variantOf = (file: string): string =>
    file
      .split("/")
      .at(-2)
      ?.replace(/-[0-9a-f]+$/, "") ?? "";
  return [...new Map(files.map((file) => [variantOf(file), file])).values()];
}

/** Where each section ends, from the ledger's sums alone. */
function endsOf(sections: readonly (readonly [string, number])[]): readonly number[] {
  let end = 0;
  return sections
    .map(([, bytes]) => {
      end += bytes;
      return end;
    })
    .slice(1);
}

/** The same, as wabt's tool prints it. */
async function objdumpEnds(file: string): Promise<readonly number[]> {
  const bin = join(root, "node_modules/.bin");
  const path = `${bin}${delimiter}${project.environment["PATH"] ?? ""}`;
  const env = { ...project.environment, PATH: path };
  const { stdout } = await promisify(execFile)("wasm-objdump", ["-h", file], { env });
  return [...stdout.matchAll(/end=0x([0-9a-f]+)/g)].map(([, end]) =>
    Number.parseInt(end ?? "", 16),
  );
}

describe("other files and wrong use", () => {
  test("a wasm without names is shown by its exports", async () => {
    const text = await ledger(`${foreign} --top 5`);
    expect(text).toMatch(/glue\.wasm: 271,581 bytes in [\d,]+ items, 0 unaccounted/);
    expect(text).toMatch(/^unknown +[\d,]+/m);
  });

  test.each([
    ["no-such-variant", /"no-such-variant" is neither a variant .* nor a file/],
    ["package.json", /package\.json is not a wasm module/],
    [`${foreign} --why lua_pcalk`, /glue\.wasm has no "lua_pcalk"/],
    [`${foreign} --why lua --against ${foreign}`, /use one/],
  ])("%s", async (commandLine, message) => {
    await expect(ledger(commandLine)).rejects.toThrow(UsageError);
    await expect(ledger(commandLine)).rejects.toThrow(message);
  });
});
