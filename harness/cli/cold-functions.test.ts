/** The list of cold functions against the fastest core: a name that it lacks would hint nothing. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readModule } from "../artifact/wasm/module.ts";
import { build } from "../build/build.ts";
import { coldFunctions } from "../build/cold-functions.ts";
import { provision } from "../build/provision/provision.ts";
import { variantById } from "../variant/list.ts";

const root = fileURLToPath(new URL("../../", import.meta.url)).replace(/[\\/]$/, "");
const buildLimitMs = 300_000;

test(
  "each is a function of the core",
  async () => {
    const tools = await provision({ root, environment: process.env, progress: () => undefined });
    const variant = variantById("freestanding-fast-exnref-opt");
    if (variant === undefined) throw new TypeError("the variant has another name");
    const result = await build(variant, { root, tools });
    if (!result.ok || result.artifact.namedPath === undefined) throw new Error("no named twin");
    const { functions } = readModule(await readFile(result.artifact.namedPath));
    const names = new Set(functions.map(({ name }) => name));
    expect([...coldFunctions].filter((name) => !names.has(name))).toEqual([]);
  },
  buildLimitMs,
);
