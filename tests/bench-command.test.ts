/** `npm run bench` whole, on built variants: real processes, records, verdicts, a wrong wasm. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readRecords } from "../harness/record/journal.ts";
import { verdictsOf } from "../harness/statistics/verdicts.ts";
import { bench } from "../scripts/bench/command.ts";
import { projectInvocation, recordedInvocation } from "../scripts/command/invocation.fixture.ts";

const records = join(mkdtempSync(join(tmpdir(), "bench-")), "samples.jsonl");

/** The command in the project, with what it printed. */
async function run(commandLine: string) {
  const project = projectInvocation(new AbortController().signal);
  const { invocation, out, err } = recordedInvocation(commandLine, project);
  const exitCode = await bench(invocation);
  return { exitCode, stdout: out(), stderr: err() };
}

test("fresh processes give records of which the verdicts come", async () => {
  const fixed = "--processes 2 --rounds 2 --peers wasmoon";
  const { exitCode, stdout, stderr } = await run(`--workload noop ${fixed} --records ${records}`);
  expect(stderr).toMatch(/process 2\/2: 1 workloads/);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/noop +freestanding-fast-exnref-opt/);
  const written = readRecords(records).records;
  expect(written.map(({ kind }) => kind)).toEqual([
    ...["run", "timing", "timing", "timing", "timing", "end"],
  ]);
  const timings = written.filter((record) => record.kind === "timing");
  for (const { samplesMs, rounds, resolutionMs } of timings) {
    expect(new Set(rounds?.map(({ process }) => process))).toEqual(new Set([0, 1]));
    // 1,000 steps of the clock at least, in one sample of 500 executions.
    for (const each of samplesMs) expect(500 * each).toBeGreaterThan(1_000 * (resolutionMs ?? 1));
  }
  expect(verdictsOf(timings)[0]?.base.subject).toBe("freestanding-fast-exnref-opt");
});

test("a wasm that is no core ends it with what went wrong", async () => {
  const path = join(mkdtempSync(join(tmpdir(), "bench-")), "empty.wasm");
  writeFileSync(path, new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]));
  const rest = `--workload noop --peers none --records ${records}`;
  const { exitCode, stderr } = await run(`--against ${path} ${rest}`);
  expect(stderr).toMatch(/export/);
  expect(exitCode).toBe(1);
});

test("what can't be compared is wrong use", async () => {
  expect(await run("--against nowhere.wasm")).toMatchObject({ exitCode: 2 });
  const same = await run("wasi-fast-js-opt --against wasi-fast-js-opt");
  expect(same.stderr).toMatch(/against itself/);
  expect(same.exitCode).toBe(2);
});
