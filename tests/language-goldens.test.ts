/** The expected logs of the suite `language` against the native twin: real Lua wrote them. */
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { provision } from "../harness/build/provision/provision.ts";
import { buildNative } from "../harness/native/build-native.ts";
import { Oracle } from "../harness/native/oracle.ts";
import { languagePrograms } from "../suites/language/index.ts";
import { chunkOf, expectedLog } from "../suites/language/language-program.ts";
import { languagePrelude } from "../suites/language/prelude.ts";

const root = fileURLToPath(new URL("../", import.meta.url)).replace(/[\\/]$/, "");
let oracle: Oracle;

beforeAll(async () => {
  const tools = await provision({ root, environment: process.env, progress: () => {} });
  oracle = new Oracle({ path: await buildNative("oracle", { root, tools }) });
});
afterAll(async () => await oracle.close());

describe("the native twin", () => {
  test.each(languagePrograms)("$name: $title", async (program) => {
    await oracle.reset();
    await oracle.eval(Buffer.from(`${languagePrelude}\nreturn ""`));
    const { ok, bytes } = await oracle.eval(Buffer.from(chunkOf(program)));
    expect(Buffer.from(bytes).toString("latin1")).toBe(expectedLog(program));
    expect(ok).toBe(true);
  });
});
