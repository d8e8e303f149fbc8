/** Every workload at its smoke size on one really built variant, and on the peers that can. */
import { expect, test } from "vitest";
import { workloads } from "../benchmarks/index.ts";
import { peerNames } from "../harness/bench/peers/peers.ts";
import { benchSmoke } from "../scripts/check/bench-smoke.ts";
import { projectInvocation } from "../scripts/command/invocation.fixture.ts";

test("every workload gives its result and one sample", async () => {
  const measurements = await benchSmoke(projectInvocation(new AbortController().signal));
  expect(measurements.map(({ workload }) => workload)).toEqual(workloads.map(({ name }) => name));
  for (const { workload, subjects, unsupported } of measurements) {
    expect(subjects.length + unsupported.length, workload).toBe(1 + peerNames.length);
    expect(subjects[0]?.subject, workload).toBe("freestanding-small-js-opt");
    for (const { samplesMs } of subjects) expect(samplesMs, workload).toHaveLength(1);
  }
});
