/** A state is made and closed while allocations fail: the sweeps that no running state can do. */

import type { Figures, Subject } from "../../harness/suite/case.ts";
import { equal, isTrue } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import type { StateOptions } from "../../runtime/instance/configuration.ts";
import { configure, memoryStatsOf } from "../memory-figures.ts";
import { type RawCore, rawCore } from "../raw-core.ts";
import { isFailure, untrapped } from "./sweep.ts";

const options: StateOptions = { seed: 1 };
const limitMs = 120_000;

/** Finalizers, variables to close and a suspended coroutine: what closing a state has to run. */
const unfinished = `
  for i = 1, 20 do
    local o = setmetatable({}, {__gc = function() last = {("f"):rep(i * 20)} print(i) end})
    if i % 2 == 0 then _G["kept" .. i] = o end
  end
  handle = ext.table() handle.x = {1}
  suspended = coroutine.wrap(function()
    local c <close> = setmetatable({}, {__close = function() local t = {{}, {}} end})
    coroutine.yield()
  end)
  suspended()`;

export const lifeCases = [
  defineCase({
    id: "faults/oom-init",
    title: "Whichever allocations fail while a state is made: a code, nothing left, usable after",
    limitMs,
    run: ({ subject }) => sweepInit(subject),
  }),
  defineCase({
    id: "faults/oom-deinit",
    title: "Whichever allocations fail while a state with finalizers is closed, all of it is freed",
    limitMs,
    run: ({ subject }) => sweepDeinit(subject),
  }),
];

async function sweepInit(subject: Subject): Promise<Figures> {
  const raw = await rawCore(subject);
  const cleanBytes = freshBytes(raw);
  let [runs, injections, failures] = [0, 0, 0];
  for (const failCount of [1, 2, 0]) {
    for (let nth = 1; ; nth++) {
      const what = `allocation ${nth} of init, ${failCount || "all"} failing`;
      configure(raw, { ...options, failAllocation: nth, failCount });
      const answer = raw.status(untrapped(() => raw.guest.init(), what));
      // Without a state there are no figures: a code says it then.
      const injected = isFailure(answer) ? 1 : memoryStatsOf(raw).failedAllocations;
      if (isFailure(answer)) {
        equal(answer, "OUT_OF_MEMORY", what);
        equal(memoryStatsOf(raw).heapUsedBytes, 0, `${what}: bytes in use of no state`);
        failures += 1;
      }
      if (injected === 0) break;
      runs += 1;
      injections += injected;
      equal(freshBytes(raw), cleanBytes, `${what}: the state after it`);
    }
  }
  isTrue(failures > 100, `${failures} starts failed`);
  return { runs, injections, failures };
}

/** A fresh state without failures works; the bytes that it takes. It is closed again. */
function freshBytes(raw: RawCore): number {
  configure(raw, options);
  equal(raw.status(raw.guest.init()), 0, "init without failures");
  const used = memoryStatsOf(raw).heapUsedBytes;
  equal(raw.compute("return 6 * 7"), 25, "an eval");
  equal(raw.values(), [42], "an eval");
  raw.guest.deinit();
  equal(memoryStatsOf(raw).heapUsedBytes, 0, "bytes in use of a closed state");
  return used;
}

async function sweepDeinit(subject: Subject): Promise<Figures> {
  const raw = await rawCore(subject);
  let [runs, injections] = [0, 0];
  for (const failCount of [1, 2, 0]) {
    for (let nth = 1; ; nth++) {
      const what = `allocation ${nth} of deinit, ${failCount || "all"} failing`;
      configure(raw, options);
      equal(raw.status(raw.guest.init()), 0, `${what}: init`);
      equal(raw.compute(unfinished), 16, `${what}: an unfinished state`);
      configure(raw, { ...options, failAllocation: nth, failCount });
      const before = memoryStatsOf(raw).failedAllocations;
      untrapped(() => raw.guest.deinit(), what);
      const { failedAllocations, heapUsedBytes } = memoryStatsOf(raw);
      equal(heapUsedBytes, 0, `${what}: bytes in use`);
      if (failedAllocations === before) break;
      runs += 1;
      injections += failedAllocations - before;
    }
  }
  isTrue(runs > 10, `${runs} closings with failures`);
  return { runs, injections };
}
