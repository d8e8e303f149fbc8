/** Every workload at its smoke size on one really built variant, and on the peer where it can. */
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { workloads } from "../../benchmarks/index.ts";
import { benchSmoke } from "./bench-smoke.ts";

test("every workload gives its result and one sample", { timeout: 10 * 60_000 }, async () => {
  const measurements = await benchSmoke({
    arguments: [],
    environment: process.env,
    root: fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, ""),
    nodePath: process.execPath,
    nodeVersion: process.versions.node,
    stdout: process.stdout,
    stderr: process.stderr,
    signal: new AbortController().signal,
    now: () => new Date(),
  });
  expect(measurements.map(({ workload }) => workload)).toEqual(workloads.map(({ name }) => name));
  for (const { workload, subjects, unsupported } of measurements) {
    expect(subjects.length + unsupported.length, workload).toBe(2);
    expect(subjects[0]?.subject, workload).toBe("freestanding-small-js-opt");
    for (const { samplesMs } of subjects) expect(samplesMs, workload).toHaveLength(1);
  }
});
