/** The list of cold functions against the fastest core: a name that it lacks would hint nothing. */
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { coldFunctions } from "../harness/build/cold-functions.ts";
import { readModule } from "../harness/wasm/module.ts";
import { projectInvocation } from "../scripts/command/invocation.fixture.ts";
import { builtArtifact } from "./built-artifact.fixture.ts";

test("each is a function of the core", async () => {
  const invocation = projectInvocation(new AbortController().signal);
  const { namedPath = "" } = await builtArtifact("freestanding-fast-exnref-opt", invocation);
  const { functions } = readModule(await readFile(namedPath));
  const names = new Set(functions.map(({ name }) => name));
  expect([...coldFunctions].filter((name) => !names.has(name))).toEqual([]);
});
