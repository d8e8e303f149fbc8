/** A program that is saved half-way: what makes a state, and what must come of it afterwards. */

import { equal, isTrue, succeeded, succeeds } from "../../harness/suite/check.ts";
import type { Core } from "../../runtime/core/core.ts";
import type { CoreOptions } from "../../runtime/core/options.ts";
import type { SnapshotOptions } from "../../runtime/snapshot/take-snapshot.ts";

export interface SavedProgram {
  /** The case's name in the suite. */
  readonly name: string;
  readonly title: string;
  /** Lua code that makes the state. */
  readonly before: string;
  /** How often `step(n)`, which `before` defines, is called then: it is saved before each call. */
  readonly steps?: number;
  /** Lua code that goes on with it, where it was saved and where it is restored. */
  readonly after: string;
  /** The values of `after`. */
  readonly expected: readonly unknown[];
  readonly options?: CoreOptions;
  /** What a host does with a core before anything is computed or restored in it. */
  readonly prepare?: (core: Core) => void;
}

export type Load = (options?: CoreOptions) => Promise<Core>;

const trusted = { bytecode: "trusted" } as const;

/** A core that is ready for the program, with nothing of it in it. */
export async function preparedFor(program: SavedProgram, load: Load, seed = 1): Promise<Core> {
  const core = await load({ seed, ...program.options });
  program.prepare?.(core);
  return core;
}

/** The core that has run the first half, and so many of the steps: half of them by default. */
export async function begun(
  program: SavedProgram,
  load: Load,
  steps = Math.floor((program.steps ?? 0) / 2),
): Promise<Core> {
  const core = await preparedFor(program, load);
  succeeded(core.compute(program.before), "before it is saved");
  for (let step = 1; step <= steps; step++) succeeded(core.call("step", step), `step ${step}`);
  return core;
}

export function saved(core: Core, what = "saved", options: SnapshotOptions = {}): Uint8Array {
  const result = core.snapshot(options);
  isTrue(result.ok, `${what}: ${result.ok ? "" : `${result.code}: ${String(result.error)}`}`);
  return result.bytes;
}

export function restores(core: Core, snapshot: Uint8Array): void {
  const result = core.restore(snapshot, trusted);
  const failure = result.ok ? "" : `${result.code}: ${String(result.error)}`;
  isTrue(result.ok, `restored: ${failure}`);
}

/** Saves it wherever it may be saved, restores it in another core, and goes on in both. */
export async function goesOn(program: SavedProgram, load: Load): Promise<void> {
  for (let steps = 0; steps <= (program.steps ?? 0); steps++) {
    await goesOnAfter(steps, { program, load });
  }
}

async function goesOnAfter(
  steps: number,
  { program, load }: { readonly program: SavedProgram; readonly load: Load },
): Promise<void> {
  const first = await begun(program, load, steps);
  const what = `saved after step ${steps}`;
  const snapshot = saved(first, what);
  equal(saved(first), snapshot, `${what}, twice in a row`);
  // Another seed: that of the snapshot must take its place.
  const second = await preparedFor(program, load, 2);
  restores(second, snapshot);
  const again = saved(second);
  equal(second.diff(snapshot, again), [], "what differs once it is restored");
  endsAsExpected(first, program, `${what}, going on`, steps);
  endsAsExpected(second, program, `${what}, going on elsewhere`, steps);
  first.dispose();
  second.dispose();
}

/** `steps`: how many were done before it was saved. */
export function endsAsExpected(
  core: Core,
  program: SavedProgram,
  what: string,
  steps = Math.floor((program.steps ?? 0) / 2),
): void {
  for (let step = steps + 1; step <= (program.steps ?? 0); step++) {
    succeeded(core.call("step", step), `${what}: step ${step}`);
  }
  succeeds(core.compute(program.after), program.expected, what);
}
