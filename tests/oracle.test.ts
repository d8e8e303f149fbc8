/** The oracle as it is built for this machine: its answers, its limits and how it fails. */
import { readFile, stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { provision } from "../harness/build/provision/provision.ts";
import { buildNative } from "../harness/native/build-native.ts";
import { Oracle, OracleError, type OracleOptions } from "../harness/native/oracle.ts";

const root = fileURLToPath(new URL("../", import.meta.url)).replace(/[\\/]$/, "");
const opened: Oracle[] = [];
let path = "";

beforeAll(async () => {
  const tools = await provision({ root, environment: process.env, progress: () => {} });
  path = await buildNative("oracle", { root, tools });
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((oracle) => oracle.close()));
});
afterAll(() => expect(opened).toEqual([]));

function open(options: Partial<OracleOptions> = {}): Oracle {
  const oracle = new Oracle({ path, ...options });
  opened.push(oracle);
  return oracle;
}

async function ask(oracle: Oracle, code: string): Promise<string> {
  const { ok, bytes } = await oracle.eval(Buffer.from(code, "latin1"));
  return `${ok ? "" : "error: "}${Buffer.from(bytes).toString("latin1")}`;
}

describe("the oracle", () => {
  test("keeps its state until it is reset", async () => {
    const oracle = open();
    const answers = [ask(oracle, "x = 5 return '' .. x"), ask(oracle, "return '' .. x")];
    const reset = oracle.reset();
    answers.push(ask(oracle, "return tostring(x)"));
    await reset;
    expect(await Promise.all(answers)).toEqual(["5", "5", "nil"]);
  });

  test("answers with any bytes, of any length", async () => {
    const oracle = open();
    expect(await ask(oracle, "return '\\0\\xff\\n'")).toBe("\0\xff\n");
    expect(await ask(oracle, "return ''")).toBe("");
    expect((await ask(oracle, "return ('ab'):rep(1 << 20)")).length).toBe(1 << 21);
    const long = "x".repeat(300_000);
    expect(await ask(oracle, `return '${long}'`)).toBe(long);
  });

  test.each([
    ["return nil", "error: (not a string)"],
    ["error('a', 0)", "error: a"],
    ["x =", "error: eval:1: unexpected symbol near <eof>"],
    ["print('noise') io.write('noise') return tostring(io.read())", "nil"],
    ["return ('x'):rep(1 << 29)", "error: not enough memory"],
    ["local function f() return 1 + f() end return f()", "error: eval:1: stack overflow"],
  ])("%s: %s", async (code, answer) => {
    const oracle = open();
    expect((await ask(oracle, code)).split(" (message")[0]).toBe(answer);
    expect(await ask(oracle, "return 'still there'")).toBe("still there");
  });

  test("nests as deep as the wasm, where this gives the same", async () => {
    const depth = `local depth = 0
      local function dive() depth = depth + 1; return string.gsub('x', 'x', dive) end
      local ok, message = pcall(dive)
      return depth .. ' ' .. message`;
    expect(await ask(open(), depth)).toBe("197 C stack overflow");
  });
});

describe("a failing oracle", () => {
  test("that ends names the request, and fails all later ones", async () => {
    const oracle = open();
    const pending = [ask(oracle, "return ''"), ask(oracle, "os.exit(7)"), ask(oracle, "return ''")];
    const [first, second, third] = await Promise.allSettled(pending);
    expect(first).toMatchObject({ status: "fulfilled", value: "" });
    const reason = new OracleError("ended (exit code 7)", Buffer.from("os.exit(7)"));
    expect(second).toEqual({ status: "rejected", reason });
    expect(third).toEqual({ status: "rejected", reason });
    await expect(oracle.reset()).rejects.toEqual(reason);
  });

  test("that takes too long is killed", async () => {
    const oracle = open({ limitMs: 300 });
    await expect(ask(oracle, "while true do end")).rejects.toThrow(
      'the oracle took more than 300 ms: "while true do end"',
    );
  });

  test("that does not start says so", async () => {
    await expect(ask(open({ path: `${path}-missing` }), "return ''")).rejects.toThrow(/not start/);
  });

  test("that sends something else than frames is stopped", async () => {
    await expect(ask(open({ path: "/bin/cat" }), "\x03aa")).rejects.toThrow(
      "the oracle sent a frame of status 3",
    );
  });

  test("ends with the signal", async () => {
    const interruption = new AbortController();
    const oracle = open({ signal: interruption.signal });
    const answer = ask(oracle, "while true do end");
    const ended = expect(answer).rejects.toThrow(/ended \(SIG/);
    interruption.abort();
    await ended;
    expect(() => open({ signal: interruption.signal })).toThrow();
  });
});

test("it is built once", async () => {
  const tools = await provision({ root, environment: process.env, progress: () => {} });
  const before = await stat(path);
  expect(await buildNative("oracle", { root, tools })).toBe(path);
  expect((await stat(path)).mtimeMs).toBe(before.mtimeMs);
  expect((await readFile(path)).subarray(0, 1)).not.toEqual(Buffer.from("#"));
});
