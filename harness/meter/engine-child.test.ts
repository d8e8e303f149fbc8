/** Children of engines: what they answer, and each way in which they don't. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { Job } from "../bench/workload.ts";
import type { EngineProgram } from "../engine/engine-program.ts";
import { answerRequest, type MeterRequest } from "./answer-request.ts";
import { assemble } from "./assemble.fixture.ts";
import { MeterError } from "./counters.ts";
import { type ChildOptions, costsIn } from "./engine-child.ts";

const directory = mkdtempSync(join(tmpdir(), "meter-child-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const request: MeterRequest = { plainPath: "plain", meteredPath: "metered", jobs: [] };

/** A Node that runs this program; its argument is the path of the request. */
function engineOf(program: string): EngineProgram {
  const { execPath } = process;
  return { name: "test", command: execPath, arguments: ["-e", program], environment: {} };
}

function answerOf(engine: EngineProgram, options: Partial<ChildOptions> = {}) {
  const { signal } = new AbortController();
  const given = {
    workerPath: "worker.ts",
    directory,
    environment: process.env,
    limitMs: 20_000,
    signal,
    ...options,
  };
  return costsIn(engine, request, given);
}

const nowMs = (): number => performance.now();

describe("costsIn", () => {
  test("gives the request, and takes the answer", async () => {
    const program = `const request = JSON.parse(require("fs").readFileSync(process.argv[2]));
      console.log(JSON.stringify({ state: "unsupported", evidence: request.plainPath }))`;
    expect(await answerOf(engineOf(program))).toEqual({ state: "unsupported", evidence: "plain" });
    expect(readdirSync(directory)).toEqual([]);
  });

  test("of an engine that is not there is unsupported", async () => {
    const engine = { ...engineOf(""), command: join(directory, "no-such-engine") };
    expect(await answerOf(engine)).toEqual({
      state: "unsupported",
      evidence: `test did not start: no ${engine.command}`,
    });
  });

  test("refuses what is no answer", async () => {
    await expect(answerOf(engineOf('console.log("hello")'))).rejects.toThrow(/hello/);
    const half = 'console.log(JSON.stringify({ state: "measured", costs: [{ workload: "x" }] }))';
    await expect(answerOf(engineOf(half))).rejects.toThrow(MeterError);
  });

  test("tells what a child that failed wrote", async () => {
    const failing = engineOf('console.error("the reason"); process.exit(3)');
    await expect(answerOf(failing)).rejects.toThrow(/in test failed \(3\): the reason/);
  });

  test("ends a child that takes too long, and one that nobody waits for", async () => {
    const hanging = engineOf("setInterval(() => {}, 1000)");
    await expect(answerOf(hanging, { limitMs: 300 })).rejects.toThrow(/ended after 300 ms/);
    const signal = AbortSignal.timeout(300);
    await expect(answerOf(hanging, { signal })).rejects.toThrow(signal.reason);
  });
});

describe("answerRequest", () => {
  const good = assemble("");
  /** A section that no engine knows. */
  const bad = Uint8Array.of(...good, 99, 0);

  test("is unsupported where the engine refuses the plain wasm, in its words", async () => {
    const answer = await answerRequest(request, { plain: bad, metered: good, nowMs });
    expect(answer).toMatchObject({
      state: "unsupported",
      evidence: expect.stringMatching(/section/),
    });
  });

  test("is a bug where it does not compile the metered one alone", async () => {
    const answer = answerRequest(request, { plain: good, metered: bad, nowMs });
    await expect(answer).rejects.toThrow(/the metered module alone is refused/);
  });

  test("charges a failure to its job", async () => {
    const job: Job = {
      ...{ workload: "none", action: "run-program", size: 1 },
      ...{ code: "return 1", expected: 1, repeats: 1 },
    };
    const answer = await answerRequest(
      { ...request, jobs: [job] },
      { plain: good, metered: good, nowMs },
    );
    expect(answer).toMatchObject({
      state: "measured",
      costs: [{ workload: "none", failure: expect.stringMatching(/exports no/) }],
    });
  });
});
