/** Metering of really built cores: compared with wabt's trace, in other processes, by function. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { LuaFactory } from "wasmoon";
import type { Job } from "../harness/bench/workload.ts";
import { enginePrograms } from "../harness/engine/engines.ts";
import { type Cost, costOf, namedFunctions } from "../harness/meter/cost.ts";
import { Counters } from "../harness/meter/counters.ts";
import { costsIn } from "../harness/meter/engine-child.ts";
import { meterModule } from "../harness/meter/meter-module.ts";
import { MeteredCores } from "../harness/meter/metered-cores.ts";
import { timeRatioOf } from "../harness/meter/overhead.ts";
import { projectInvocation } from "../scripts/command/invocation.fixture.ts";
import { engineSettings } from "../scripts/subject/select.ts";
import { builtArtifact } from "./built-artifact.fixture.ts";

const childLimitMs = 10 * 60_000;
const workerPath = join(import.meta.dirname, "../scripts/worker/meter-worker.ts");
const stop = new AbortController();
const directory = mkdtempSync(join(tmpdir(), "meter-"));
const project = projectInvocation(stop.signal);
const { root, environment, signal } = project;

/** Of the quick set: what wabt's interpreter can run, and what people ship. */
const paths = { traced: "", shipped: "", named: "" };

beforeAll(async () => {
  paths.traced = (await builtArtifact("wasi-safe-eh-none", project)).wasmPath;
  const shipped = await builtArtifact("freestanding-fast-exnref-opt", project);
  const { wasmPath, namedPath = "" } = shipped;
  paths.shipped = wasmPath;
  paths.named = namedPath;
});
afterAll(() => {
  stop.abort();
  rmSync(directory, { recursive: true, force: true });
});

function bytesOf(path: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(path));
}

interface Executed {
  readonly name: string;
  /** As it was on the stack; 0 of what takes none. */
  readonly length: number;
}

/** What wabt's interpreter executes in `init`, its imports answering 0: one line each. */
function tracedInit(): readonly Executed[] {
  const interpreter = join(root, "node_modules", "wabt", "bin", "wasm-interp");
  const flags = ["--enable-exceptions", "--dummy-import-func", "-r", "init", "--trace"];
  const output = execFileSync(process.execPath, [interpreter, paths.traced, ...flags], {
    ...{ encoding: "latin1", maxBuffer: 2 ** 30, timeout: childLimitMs },
  });
  expect(output.trimEnd()).toMatch(/init\(\) => i32:0$/);
  return [...output.matchAll(/^#\d+\.\s+\d+: V:\d+\s*\| ([\w.]+)(.*)$/gm)].map(
    ([, name = "", rest = ""]) => {
      const isBulk = /^memory\.(?:copy|fill|init)$/.test(name);
      return { name, length: isBulk ? Number(rest.split(", ").at(-1)) : 0 };
    },
  );
}

/** The metered `init`, under the same conditions. */
async function meteredInit(isCounted: (opcode: number) => boolean) {
  const weightOf = (opcode: number): number => (isCounted(opcode) ? 1 : 0);
  const { wasm } = meterModule(bytesOf(paths.traced), { mode: "total", weightOf });
  const module = await WebAssembly.compile(wasm);
  const imports = WebAssembly.Module.imports(module).map(({ name }) => [name, () => 0] as const);
  const instance = await WebAssembly.instantiate(module, { env: Object.fromEntries(imports) });
  const init = instance.exports["init"];
  if (typeof init !== "function") throw new TypeError("no init");
  expect(init()).toBe(0);
  return new Counters(instance.exports).read();
}

interface Kind {
  readonly kind: string;
  readonly names: RegExp;
  readonly opcodes: (opcode: number) => boolean;
  /** The least that a start of Lua executes: an empty comparison would say nothing. */
  readonly min: number;
}

const between = (first: number, last: number) => (opcode: number) =>
  opcode >= first && opcode <= last;

/**
 * wabt turns what is left into forms of its own: `br` (of br_if and else too), `return` (of the
 * last end too), `drop` (of branches too).
 */
const kinds: readonly Kind[] = [
  { kind: "loads and stores", names: /\.(?:load|store)/, opcodes: between(0x28, 0x3e), min: 5e4 },
  { kind: "locals", names: /^local\./, opcodes: between(0x20, 0x22), min: 1e5 },
  { kind: "globals", names: /^global\./, opcodes: between(0x23, 0x24), min: 1e3 },
  { kind: "constants", names: /\.const$/, opcodes: between(0x41, 0x44), min: 5e4 },
  {
    kind: "arithmetic",
    names: /^[if](?:32|64)\.(?!load|store|const|trunc_sat)/,
    opcodes: between(0x45, 0xc4),
    min: 5e4,
  },
  { kind: "select", names: /^select$/, opcodes: between(0x1b, 0x1b), min: 1e2 },
  { kind: "calls", names: /^call/, opcodes: between(0x10, 0x11), min: 1e3 },
  {
    kind: "conditional branches",
    names: /^br_unless$/,
    opcodes: (opcode) => opcode === 0x04 || opcode === 0x0d,
    min: 1e4,
  },
  { kind: "branches by table", names: /^br_table$/, opcodes: between(0x0e, 0x0e), min: 1e2 },
  { kind: "bulk", names: /^memory\./, opcodes: between(0xfc0008, 0xfc000b), min: 1 },
];

describe("a start of Lua, traced by wabt's interpreter", () => {
  let trace: readonly Executed[];
  beforeAll(() => {
    trace = tracedInit();
  });

  test.each(kinds)("$kind: as many", async ({ names, opcodes, min }) => {
    const { instructions, bulkBytes } = await meteredInit(opcodes);
    const lengths = trace.map(({ length }) => length);
    const forLengths = lengths.reduce((sum, length) => sum + Math.floor(length / 8), 0);
    const executed = trace.filter(({ name }) => names.test(name)).length;
    expect(executed).toBeGreaterThanOrEqual(min);
    expect(instructions).toBe(executed + forLengths);
    expect(bulkBytes).toBe(lengths.reduce((sum, length) => sum + length, 0));
  });
});

const program = `
local total = 0
for i = 1, 300 do
  local key = ("key %d"):format(i)
  local ok, message = pcall(error, { key })
  total = total + #key + #message[1] + (ok and 1 or 0)
end
ext.table("kept").answer = 42
local co = coroutine.wrap(function() for i = 1, 10 do coroutine.yield(i) end end)
return total + co() + co() + ext.table("kept").answer`;

function jobOf(changes: Partial<Job> = {}): Job {
  return {
    ...{ workload: "mixed", action: "run-program", size: 1 },
    ...{ code: program, expected: 4029, repeats: 1 },
    ...changes,
  };
}

describe("a cost", () => {
  test("is the same in every engine that is here, and in this process", async () => {
    const meteredPath = join(directory, "metered.wasm");
    const plain = bytesOf(paths.shipped);
    const { wasm } = meterModule(plain, { mode: "total" });
    writeFileSync(meteredPath, wasm);
    const jobs = [jobOf(), jobOf({ workload: "start", action: "start-core" })];
    const here: Cost[] = [];
    for (const job of jobs) here.push(await costOf(job, wasm));
    expect(here[0]).toMatchObject({ hostCalls: 5, functions: [] });
    const settings = { root, nodePath: process.execPath, environment };
    const engines = enginePrograms(engineSettings(settings));
    for (const engine of engines) {
      const answer = await costsIn(
        engine,
        { plainPath: paths.shipped, meteredPath, jobs },
        { workerPath, directory, environment, limitMs: childLimitMs, signal },
      );
      if (answer.state === "unsupported" && !existsSync(engine.command)) {
        expect(answer).toMatchObject({
          state: "unsupported",
          evidence: expect.stringMatching(/did not start/),
        });
      } else {
        const costs = jobs.map(({ workload }, i) => ({ workload, cost: here[i] }));
        expect(answer, engine.name).toEqual({ state: "measured", costs });
      }
    }
  });

  test("tells what crosses the boundary", async () => {
    const { wasm } = meterModule(bytesOf(paths.shipped), { mode: "total" });
    const costOfCode = (code: string): Promise<Cost> =>
      costOf(jobOf({ code, action: "run-program", expected: 1 }), wasm);
    const floor = await costOfCode("return 1");
    const difference = async (code: string) => {
      const cost = await costOfCode(code);
      return [
        cost.hostCalls - floor.hostCalls,
        cost.bytesToHost - floor.bytesToHost,
        cost.bytesFromHost - floor.bytesFromHost - (code.length - "return 1".length),
      ];
    };
    // Output comes in the frame.
    expect(await difference('print("12345") return 1')).toEqual([0, 6, 0]);
    // A key is 5 bytes and its text, an integer 9: set, then get.
    expect(await difference("_home.k = 5 return 1")).toEqual([1, 6 + 9, 0]);
    expect(await difference("_home.k = 5 local v = _home.k return 1")).toEqual([2, 6 + 9 + 6, 9]);
    // Whether there is a clock is one call, what it says another.
    expect(await difference("local t = os.clock() return 1")).toEqual([2, 0, 0]);
  });

  test("by function sums up to the total, under names", async () => {
    const named = bytesOf(paths.named);
    const attributed = meterModule(named, { mode: "functions" });
    const [total, cost] = [
      await costOf(jobOf(), meterModule(bytesOf(paths.shipped), { mode: "total" }).wasm),
      await costOf(jobOf(), attributed.wasm),
    ];
    expect({ ...cost, functions: [] }).toEqual(total);
    const sum = cost.functions.reduce((all, [, instructions]) => all + instructions, 0);
    expect(sum).toBe(total.instructions);
    const largest = namedFunctions(cost, attributed.plain);
    expect(largest).toHaveLength(40);
    expect(largest.slice(0, 10).map(([name]) => name)).toContain("luaV_execute");
    expect(largest[0]?.[1]).toBe(cost.functions[0]?.[1]);
  });

  test("grows by what is added: one more turn of a loop, each time the same", async () => {
    const { wasm } = meterModule(bytesOf(paths.shipped), { mode: "total" });
    const costOfTurns = async (turns: number): Promise<number> => {
      const code = `for i = 1, ${turns} do end return 1`;
      return (await costOf(jobOf({ code, expected: 1 }), wasm)).instructions;
    };
    const [first, second, third] = [
      await costOfTurns(1000),
      await costOfTurns(2000),
      await costOfTurns(3000),
    ];
    expect(second - first).toBe(third - second);
    expect((second - first) % 1000).toBe(0);
  });

  test("is over every core, closed ones and replaced ones too", async () => {
    const { wasm } = meterModule(bytesOf(paths.shipped), { mode: "total" });
    const cores = new MeteredCores();
    const steps: number[] = [];
    const step = () => steps.push(cores.tally().counts.instructions);
    const core = await cores.load(wasm, { seed: 1 });
    step();
    expect(core.compute("kept = 42").ok).toBe(true);
    step();
    const saved = core.snapshot();
    if (!saved.ok) throw new TypeError(saved.code);
    step();
    expect(core.restore(saved.bytes, { bytecode: "trusted" })).toEqual({ ok: true });
    step();
    expect(core.compute("kept")).toMatchObject({ ok: true, values: [42] });
    step();
    core.dispose();
    step();
    expect(steps).toEqual([...new Set(steps)].toSorted((a, b) => a - b));
    const second = await cores.load(wasm, { seed: 1 });
    expect(cores.tally().counts.instructions - (steps.at(-1) ?? 0)).toBe(steps[0]);
    second.dispose();
    expect(cores.tally().heapPeakBytes).toBeGreaterThan(10_000);
  });

  test("is refused where the result is wrong", async () => {
    const { wasm } = meterModule(bytesOf(paths.shipped), { mode: "total" });
    await expect(costOf(jobOf({ expected: 0 }), wasm)).rejects.toThrow(/expected 0, got 4029/);
  });
});

/** By this clock the shipped wasm takes 10 ms, the metered one 20 ms; they take turns. */
function clockOfPairs(): () => number {
  let readings = 0;
  let nowMs = 0;
  return () => {
    const isEnd = readings % 2 === 1;
    const execution = Math.floor(readings / 2);
    const isMeteredFirst = Math.floor(execution / 2) % 2 === 1;
    const isMetered = (execution % 2 === 1) !== isMeteredFirst;
    readings += 1;
    if (isEnd) nowMs += isMetered ? 20 : 10;
    return nowMs;
  };
}

test("what metering costs: the time of both in turns", async () => {
  const plain = bytesOf(paths.shipped);
  const wasms = { plain, metered: meterModule(plain, { mode: "total" }).wasm };
  const options = { jobs: [jobOf(), jobOf()], rounds: 5 };
  const exact = { ...options, jobs: [jobOf()], nowMs: clockOfPairs() };
  expect(await timeRatioOf(wasms, exact)).toBeCloseTo(2, 12);
  const real = await timeRatioOf(wasms, { ...options, nowMs: () => performance.now() });
  expect(real).toBeGreaterThan(0);
});

test("a module of Emscripten's runs metered, and counts", async () => {
  const path = join(directory, "glue.wasm");
  const glue = bytesOf(join(root, "node_modules", "wasmoon", "dist", "glue.wasm"));
  writeFileSync(path, meterModule(glue, { mode: "total" }).wasm);
  const instantiate = vi.spyOn(WebAssembly, "instantiate");
  const engine = await new LuaFactory(path).createEngine();
  const made: unknown = await instantiate.mock.results[0]?.value;
  instantiate.mockRestore();
  const instance = Reflect.get(Object(made), "instance") ?? made;
  if (!(instance instanceof WebAssembly.Instance)) throw new TypeError("no instance was made");
  const counters = new Counters(instance.exports);
  const before = counters.read().instructions;
  expect(before).toBeGreaterThan(10_000);
  expect(engine.doStringSync('return ("x"):rep(3) .. select("#", pcall(error))')).toBe("xxx2");
  expect(counters.read().instructions).toBeGreaterThan(before);
  engine.global.close();
});
