/** The worked example of docs/FORMATS.md is what a really built core stores, but for its salts. */
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { afterAll, expect, test } from "vitest";
import { bytesOfKept } from "../runtime/bytes/kept-bytes.ts";
import { LuaGraph, loadCore } from "../runtime/index.ts";
import { projectInvocation } from "../scripts/command/invocation.fixture.ts";
import { builtArtifact } from "./built-artifact.fixture.ts";

const stop = new AbortController();
afterAll(() => stop.abort());

const formats = readFileSync(new URL("../docs/FORMATS.md", import.meta.url), "utf8");
const [, code = "", hex = ""] =
  /^## A worked example$.*?`(.*?)`.*?```\n(.*?)```/ms.exec(formats) ?? [];

/** Objects get theirs in the order in which a state makes them: the salt of a table is masked. */
function masked(hexText: string): string {
  return hexText.replace(/05(....)(0000000000)/g, "05....$2");
}

test("a stored value, byte for byte", async () => {
  const invocation = projectInvocation(stop.signal);
  const { wasmPath } = await builtArtifact("freestanding-small-js-opt", invocation);
  const core = await loadCore(await readFile(wasmPath), { seed: 1 });
  expect(core.compute(code)).toMatchObject({ ok: true });
  expect(core.tables.home.get("t")).toBeInstanceOf(LuaGraph);
  const [kept] = [...(core.tables.registry.find(1)?.entries ?? [])].map(([, value]) => value);
  const documented = hex
    .trim()
    .split("\n")
    .map((line) => line.slice(0, 40).replaceAll(" ", ""))
    .join("");
  expect(masked(Buffer.from(bytesOfKept(kept ?? "")).toString("hex"))).toBe(masked(documented));
});
