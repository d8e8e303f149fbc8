/** Fuzzing on a built variant and the native twin: what is planted is found and made small. */
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { nodeEngine } from "../harness/engine/node-engine.ts";
import { type FuzzResult, fuzz } from "../harness/fuzz/fuzz.ts";
import { coreSide, twinSide } from "../harness/fuzz/side.ts";
import type { Limits } from "../harness/fuzz/station.ts";
import { buildNative } from "../harness/native/build-native.ts";
import { Oracle } from "../harness/native/oracle.ts";
import { quickVariants } from "../harness/variant/list.ts";
import { projectInvocation, recordedInvocation } from "../scripts/command/invocation.fixture.ts";
import { fuzzCommand } from "../scripts/fuzz/command.ts";
import { builtArtifacts } from "../scripts/subject/run-context.ts";
import { subjectOf } from "../scripts/subject/select.ts";
import { argumentsTarget } from "../suites/arguments/fuzz-target.ts";

const stop = new AbortController();
const invocation = projectInvocation(stop.signal);
const [variant] = quickVariants();
let wasmPath = "";
let twinPath = "";

beforeAll(async () => {
  if (variant === undefined) throw new Error("there is no quick variant");
  const progress = (): void => undefined;
  const { artifactOf, tools } = await builtArtifacts({ invocation, force: false, progress });
  const hooks = { onStep: progress, signal: stop.signal };
  const built = await artifactOf(subjectOf(variant), hooks);
  if (!built.ok) throw new Error(built.message);
  wasmPath = built.artifact.wasmPath;
  twinPath = await buildNative("oracle", { root: invocation.root, tools });
  return () => stop.abort();
});

async function fuzzed(
  target: string,
  programs = 100,
  limits: Limits = { batchMs: 8_000, programMs: 1_000 },
): Promise<FuzzResult> {
  const { nodePath, environment } = invocation;
  const entry = new URL("../scripts/worker/fuzz-worker.ts", import.meta.url);
  const engine = nodeEngine({ execPath: nodePath, entry, environment });
  const targetsUrl = new URL("./fuzz-targets.fixture.ts", import.meta.url).href;
  return await fuzz({
    setUp: { targetsUrl, target, sides: [{ name: "core", wasmPath }], twinPath },
    seed: 1,
    programs,
    firstBatch: 0,
    jobs: 1,
    signal: stop.signal,
    isOver: () => false,
    startWorker: () => engine.start(),
    limits,
    onFinding: () => undefined,
    onProgress: () => undefined,
  });
}

describe("a planted difference", () => {
  test("of a text is made as small as it gets", async () => {
    const { counts, findings } = await fuzzed("text");
    expect(counts).toMatchObject({ programs: 100, differing: { core: findings.length } });
    expect(findings.find(({ state }) => state === "shrunk")).toMatchObject({
      programs: ["answer = ext and 'ours' or 'theirs'\nreturn answer"],
      native: { kind: "text", text: "theirs" },
      other: { kind: "text", text: "ours" },
    });
  });

  test("of an error is told with its message", async () => {
    const { findings } = await fuzzed("raises");
    expect(findings.find(({ state }) => state === "shrunk")).toMatchObject({
      programs: ["if ext then error('planted', 0) end\nreturn answer"],
      native: { kind: "text", text: "same" },
      other: { kind: "error", text: "planted" },
    });
  });

  test("at an edge of an argument is found", async () => {
    const { findings } = await fuzzed("edge", 100, { batchMs: 60_000, programMs: 10_000 });
    const found = findings.map(({ programs }) => programs.join("\n"));
    expect(found.some((text) => /"op\.bitwise", (0x|"|\d)/.test(text))).toBe(true);
  });

  test("that takes two programs in turn is told as such", async () => {
    const { findings } = await fuzzed("order");
    const { programs } = findings.find(({ state }) => state === "order") ?? {};
    expect(programs).toHaveLength(2);
    expect(programs?.[0]).toBe("seen = true return 'seen'");
  });

  test("a core that hangs is charged with the program", async () => {
    const { findings } = await fuzzed("hangs", 25);
    expect(findings.length).toBeGreaterThan(0);
    for (const { programs, other, sides } of findings) {
      expect(programs[0]).toContain("while ext do end");
      expect(other).toEqual({ kind: "broken", text: "gave no answer within 1 s" });
      expect(sides).toEqual(["core"]);
    }
  });

  test("a twin that ends is charged, and the other programs are compared", async () => {
    const { counts, findings } = await fuzzed("twin-ends");
    expect(counts.programs).toBe(100);
    expect(findings.length).toBeGreaterThan(1);
    for (const { programs, native, sides } of findings) {
      expect(programs[0]).toContain("os.exit(7)");
      expect(native.text).toContain("exit code 7");
      expect(sides).toEqual(["native"]);
    }
  });
});

describe("the suite arguments", () => {
  const { prelude, programs } = argumentsTarget;

  test("its programs are Lua, and come to their end", async () => {
    const side = twinSide({ start: () => new Oracle({ path: twinPath }), prelude });
    for (const program of fc.sample(programs, { seed: 1, numRuns: 30 })) {
      const { kind, text } = await side.answer(program);
      expect(kind).toBe("text");
      expect(text).toMatch(/^holder /m);
    }
  });

  test("fails to start where a library has a function without a generator", async () => {
    const module = await WebAssembly.compile(new Uint8Array(await readFile(wasmPath)));
    for (const [change, message] of [
      ["string.novel = print", "the catalogue of arguments lacks string.novel"],
      ["getmetatable(io.stdout).__index.seek = nil", "there is no file:seek"],
    ]) {
      const side = coreSide({ name: "core", module, prelude: `${change} ${prelude}` });
      await expect(side.renew()).rejects.toThrow(message);
    }
  });
});

describe("npm run fuzz", () => {
  test("the suites on one variant: no difference, and how to repeat it", async () => {
    const line = `${variant?.id} --runs 300 --seed 5 --jobs 1`;
    const recorded = recordedInvocation(line, invocation, { signal: stop.signal });
    const exitCode = await fuzzCommand(recorded.invocation);
    expect(recorded.out()).toContain("0 differences");
    expect(recorded.out()).toContain("npm run fuzz -- --suite language --runs 300 --seed 5 ");
    expect(recorded.out()).not.toContain("differ\n");
    expect(exitCode).toBe(0);
  });

  test.each([
    ["--suite nonsense", /unknown suite "nonsense"; there are: /],
    ["--runs 0", /whole number from 1/],
    ["--wasm a.wasm --filter target=wasi", /--wasm brings the wasm/],
    ["no-such-variant", /unknown variant "no-such-variant"/],
  ])("refuses %s", async (line, message) => {
    const recorded = recordedInvocation(line, { ...invocation, root: tmpdir() });
    expect(await fuzzCommand(recorded.invocation)).toBe(2);
    expect(recorded.err()).toMatch(message);
    expect(recorded.err()).toContain("npm run fuzz -- --help");
  });
});
