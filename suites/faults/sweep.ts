/** The sweep: each allocation of a scenario fails, for one time, two times, and for good. */

import type { Figures, Subject } from "../../harness/suite/case.ts";
import { CheckFailure, equal, isTrue, isWithin, matches } from "../../harness/suite/check.ts";
import type { StateOptions } from "../../runtime/instance/configuration.ts";
import type { HostOptions } from "../../runtime/instance/environment.ts";
import type { LuaValue } from "../../runtime/value/values.ts";
import { configure, memoryStatsOf, settledBytes } from "../memory-figures.ts";
import { type RawCore, rawCore } from "../raw-core.ts";

/** What an export answered: a figure from 0 on, or the name of a code. */
export type Answer = string | number;

/** Something that allocates, and that leaves nothing behind when it is done. */
export interface Scenario {
  readonly name: string;
  readonly title: string;
  readonly options?: StateOptions;
  readonly host?: HostOptions;
  /** Done once, with a heap that gives all that it is asked for. */
  readonly prepare?: (raw: RawCore) => void;
  /** Done until one fails. The last leaves a frame, whose values are the same each time. */
  readonly steps: readonly ((raw: RawCore) => Answer)[];
  /** Takes away what the steps leave behind, when no allocation fails any more. */
  readonly cleanup?: (raw: RawCore) => Answer;
  /** By how much the bytes in use may differ without a leak; over all runs of the sweep. */
  readonly slackBytes?: number;
  /** The script itself catches errors, so that its values tell of them. */
  readonly catchesErrors?: true;
}

/** How many allocations fail in a row; 0: all from there on. */
const failCounts = [1, 2, 0] as const;
/** Fixed: each run makes the same allocations. */
const seed = 1;
/** Far above what a scenario needs: a sweep that passes it does not end. */
const allocationsMax = 5_000;

interface Clean {
  readonly usedBytes: number;
  readonly values: readonly LuaValue[];
  readonly tables: number;
}

/** One core for the whole sweep: after each failure it must be as it was before. */
export async function sweep(subject: Subject, scenario: Scenario): Promise<Figures> {
  const raw = await rawCore(subject, scenario.host === undefined ? {} : { host: scenario.host });
  const options = { seed, ...scenario.options };
  configure(raw, options);
  equal(raw.status(raw.guest.init()), 0, "init");
  scenario.prepare?.(raw);
  const clean = cleanRun(raw, scenario);
  let [runs, injections, failures] = [0, 0, 0];
  for (const failCount of failCounts) {
    for (let nth = 1; ; nth++) {
      isTrue(nth < allocationsMax, `${scenario.name} ends within ${allocationsMax} allocations`);
      const what = `allocation ${nth} of ${scenario.name}, ${failCount || "all"} failing`;
      const before = memoryStatsOf(raw).failedAllocations;
      configure(raw, { ...options, failAllocation: nth, failCount });
      const answer = untrapped(() => perform(raw, scenario), what);
      const values = raw.values();
      configure(raw, options);
      const injected = memoryStatsOf(raw).failedAllocations - before;
      if (injected === 0) break;
      runs += 1;
      injections += injected;
      if (isFailure(answer)) {
        failures += 1;
        isOutOfMemory(answer, values, what);
      } else if (scenario.catchesErrors === undefined) {
        equal(values, clean.values, `${what}: values`);
      }
      usableAfter(raw, { scenario, clean, what });
    }
  }
  return { runs, injections, failures };
}

export function isFailure(answer: Answer): answer is string {
  return typeof answer === "string";
}

/** The work; a trap tells in which run it was. */
export function untrapped<Done>(work: () => Done, what: string): Done {
  try {
    return work();
  } catch (cause) {
    throw new CheckFailure(`${what}: trapped: ${String(cause)}`, { cause });
  }
}

/** The steps, until one fails: the answer of the last. */
function perform(raw: RawCore, { steps }: Scenario): Answer {
  let answer: Answer = 0;
  for (const step of steps) {
    answer = step(raw);
    if (isFailure(answer)) break;
  }
  return answer;
}

/**
 * What a script or a function of Lua raises again is RUNTIME_FAILED, and where its stack finds no
 * room Lua raises an error of its own.
 */
function isOutOfMemory(code: string, values: readonly LuaValue[], what: string): void {
  if (code === "OUT_OF_MEMORY") return;
  equal(code, "RUNTIME_FAILED", what);
  matches(values[0], /not enough memory|stack overflow|too many results to unpack/, what);
}

function cleanRun(raw: RawCore, scenario: Scenario): Clean {
  let values: readonly LuaValue[] = [];
  // The first run leaves what stays: a larger string table, room in the list of handles.
  for (let i = 0; i < 2; i++) {
    const answer = perform(raw, scenario);
    isTrue(!isFailure(answer), `${scenario.name} without a failing allocation: ${answer}`);
    values = raw.values();
    scenario.cleanup?.(raw);
  }
  return { values, usedBytes: settled(raw), tables: tablesOf(raw) };
}

interface Afterwards {
  readonly scenario: Scenario;
  readonly clean: Clean;
  readonly what: string;
}

function usableAfter(raw: RawCore, { scenario, clean, what }: Afterwards): void {
  const cleaned = untrapped(() => scenario.cleanup?.(raw) ?? 0, `${what}: the clean-up`);
  isTrue(!isFailure(cleaned), `${what}: the clean-up: ${cleaned}`);
  const answer = untrapped(() => raw.compute("return 6 * 7"), `${what}: the next eval`);
  equal(answer, 25, `${what}: the next eval`);
  equal(raw.values(), [42], `${what}: the next eval`);
  const { slackBytes = 0 } = scenario;
  // Less is no leak: stacks are cut down where memory is short.
  const max = clean.usedBytes + slackBytes;
  isWithin(settled(raw, clean.usedBytes), { max }, `${what}: bytes in use afterwards`);
  equal(tablesOf(raw), clean.tables, `${what}: external tables afterwards`);
}

function settled(raw: RawCore, expected?: number): number {
  const collect = () => isTrue(raw.guest.runGc() >= 0, "a collection");
  return settledBytes(collect, () => memoryStatsOf(raw).heapUsedBytes, expected);
}

function tablesOf({ host }: RawCore): number {
  host.tables.collectIfDue();
  return [...host.tables.all()].length;
}
