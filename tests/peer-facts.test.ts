/** The peers as they are on this machine: every workload's result, and what each one can't do. */
import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { workloads } from "../benchmarks/index.ts";
import { type PeerFacts, peerFactsSchema, peerSubjects } from "../harness/bench/peers/peers.ts";
import { sample } from "../harness/bench/sample.ts";
import { BenchError, type Execution, type Subject } from "../harness/bench/subject.ts";
import { type Job, jobOf } from "../harness/bench/workload.ts";
import { provision } from "../harness/build/provision/provision.ts";
import { projectInvocation } from "../scripts/command/invocation.fixture.ts";
import { peerFacts } from "../scripts/subject/peer-facts.ts";

let facts: PeerFacts = {};

beforeAll(async () => {
  const invocation = projectInvocation(new AbortController().signal);
  const { root, environment, signal } = invocation;
  const tools = await provision({ root, environment, progress: () => undefined, signal });
  // As a child process gets them.
  facts = peerFactsSchema.parse(JSON.parse(JSON.stringify(await peerFacts(invocation, tools))));
});

function peer(name: string, from: PeerFacts = facts): Subject {
  const found = peerSubjects(from).find((each) => each.name.split("-")[0] === name);
  if (found === undefined) throw new Error(`there is no peer ${name}`);
  return found;
}

async function ready(subject: Subject, job: Job): Promise<Execution> {
  const prepared = await subject.prepare(job);
  if (prepared.state === "unsupported") throw new Error(prepared.reason);
  return prepared.execution;
}

function program(code: string, changes: Partial<Job> = {}): Job {
  return {
    ...{ workload: "test", action: "run-program", code, size: 1, expected: 1, repeats: 1 },
    ...changes,
  };
}

describe.each(["wasmoon", "fengari", "native"])("%s", (name) => {
  test("gives the result of each workload that any Lua can run", async () => {
    const subject = peer(name);
    for (const workload of workloads) {
      const text = await readFile(workload.program, "utf8");
      const job = jobOf(workload, { scale: "smoke", program: text });
      const prepared = await subject.prepare(job);
      if (prepared.state === "unsupported") {
        expect(workload.classic, `${workload.name}: ${prepared.reason}`).toBe(false);
        continue;
      }
      using execution = prepared.execution;
      execution.settle();
      const { durationMs, answers } = await sample(execution, 2);
      expect(durationMs, workload.name).toBeGreaterThan(0);
      expect(answers).toHaveLength(2);
      for (const answer of answers) {
        expect(execution.read(answer), workload.name).toBe(job.expected);
      }
    }
  });

  test("tells a program's error, and works on", async () => {
    using execution = await ready(
      peer(name),
      program("n = (n or 0) + 1 if n == 1 then error('no', 0) end return n"),
    );
    await expect(sample(execution, 1)).rejects.toThrow(/no/);
    expect(execution.read((await sample(execution, 1)).answers[0])).toBe(2);
  });

  test("tells that evals differ", async () => {
    const job = program("n = (n or 0) + 1 return n", { action: "persistent-eval", size: 3 });
    using execution = await ready(peer(name), job);
    const answer = sample(execution, 1).then(({ answers: [first] }) => execution.read(first));
    await expect(answer).rejects.toThrow(/different values/);
  });

  test("tells the error of a program that runs before the timing", async () => {
    const job = program("error('at once', 0)", { action: "call-program" });
    await expect(peer(name).prepare(job)).rejects.toThrow(/^at once$/);
  });

  test("does not do what only a core does, and says so", async () => {
    const reasons = new Set<string>();
    for (const action of ["take-result", "start-core", "snapshot", "load-image"] as const) {
      const prepared = await peer(name).prepare(program("return 1", { action }));
      reasons.add(prepared.state === "unsupported" ? prepared.reason : "ready");
    }
    const table = await peer(name).prepare(program("return 1", { needs: "external-table" }));
    reasons.add(table.state === "unsupported" ? table.reason : "ready");
    expect([...reasons].toSorted()).toEqual([
      "it answers with one value, and prints to the terminal",
      "it can't save its state",
      "it has no external tables",
      "only our cores are started",
    ]);
  });

  test("is unsupported, with the remedy, where it is not there", async () => {
    const prepared = await peer(name, {}).prepare(program("return 1"));
    expect(prepared).toMatchObject({ state: "unsupported", reason: /: npm / });
  });
});

test("the native peer times itself by a clock that tells microseconds apart", async () => {
  using execution = await ready(peer("native"), program("return 1"));
  const first = await execution.timeItself?.(1);
  expect(first?.answers).toEqual([1]);
  expect(first?.durationMs).toBeGreaterThan(0);
  expect(first?.durationMs).toBeLessThan(5);
  const many = await execution.timeItself?.(1_000);
  expect(many?.answers).toHaveLength(1_000);
});

test("a native peer that ends is an error that says how", async () => {
  using ended = await ready(peer("native"), program("io.stderr:write('bye') os.exit(3)"));
  await expect(sample(ended, 1)).rejects.toThrow("the native peer ended (exit code 3) saying bye");
  await expect(sample(ended, 1)).rejects.toThrow(BenchError);
  const missing = peer("native", { native: { path: "/nowhere/peer", version: "0" } });
  using absent = await ready(missing, program("return 1"));
  await expect(sample(absent, 1)).rejects.toThrow(/the native peer did not start/);
});
