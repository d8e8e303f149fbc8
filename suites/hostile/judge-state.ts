/** Judges a snapshot that nobody vouches for: restored over a state that must stay, or used. */
import type { Core } from "../../runtime/core/core.ts";
import { decodeBody } from "../../runtime/graph/decode-body.ts";
import type { SnapshotGraph } from "../../runtime/graph/graph.ts";
import { readContainer } from "../../runtime/snapshot/container.ts";
import type { RestoreOptions } from "../../runtime/snapshot/restore-snapshot.ts";
import { commonCore, run } from "./bases.ts";
import {
  accepted,
  failed,
  fault,
  faultOfUse,
  hostText,
  messageOf,
  refused,
  unusable,
  type Verdict,
  Watched,
} from "./judge.ts";
import type { Mutant } from "./mutate.ts";
import { exchangedFunction, functionsByPath } from "./named-functions.ts";
import { useState } from "./use.ts";

/** What bytes may be refused with. */
const answers = ["BAD_SNAPSHOT", "OUT_OF_MEMORY", "NOT_FOUND", "UNKNOWN_TABLE", "RUNTIME_FAILED"];
/** What the core's reader has no harm from: the same thing twice. */
const harmless = /^two C functions have the name|^a state with \d+ main threads/;
/** One of the container's checksum: as good as random, and the same each time. */
const checksumByte = 40;
/** What a state may grow by when it is used and saved: its own bytes so often, and so many. */
const growth = { factor: 16, bytes: 65_536 };

/** A core with a state that must outlive what is refused, and what it is compared by. */
interface Keeper {
  readonly core: Core;
  readonly watched: Watched;
  /** The state, to bring it back after a mutant took its place. */
  readonly snapshot: Uint8Array;
  readonly memory: Uint8Array;
  readonly host: string;
  readonly calls: { vault: number; isUsed: boolean };
  /** What a script gets by the libraries' names. */
  readonly functions: ReadonlyMap<string, string>;
}

export class StateJudge {
  readonly #module: WebAssembly.Module;
  readonly #options: RestoreOptions;
  readonly #keepers = new Map<string, Keeper>();

  /** `options`: none, but where a test shows what trust in a stranger comes to. */
  constructor(module: WebAssembly.Module, options: RestoreOptions = {}) {
    this.#module = module;
    this.#options = options;
  }

  async judge({ base, bytes }: Mutant): Promise<Verdict> {
    const name = base.libraries.join();
    const keeper = this.#keepers.get(name) ?? (await keeperOf(this.#module, base));
    this.#keepers.delete(name);
    const restored = keeper.core.restore(bytes, this.#options);
    const what = restored.ok
      ? faultOfAccepted(keeper, bytes)
      : (fault(restored, answers) ?? faultOfReader(keeper, bytes) ?? changeOf(keeper));
    if (what !== undefined) return failed(what);
    if (!restored.ok || broughtBack(keeper)) this.#keepers.set(name, keeper);
    if (!restored.ok) return refused;
    return keeper.calls.isUsed ? accepted : unusable;
  }
}

async function keeperOf(
  module: WebAssembly.Module,
  { libraries }: Mutant["base"],
): Promise<Keeper> {
  const watched = new Watched();
  const core = await commonCore(module, { libraries, wiring: watched.wiring });
  const calls = { vault: 0, isUsed: false };
  core.register("vault", () => {
    calls.vault += 1;
  });
  const functions = functionsByPath(graphOf(core));
  run(core, `old = {"kept", {_home}, users} f, s, k = next, old, nil loop = {pairs(users)}`);
  const saved = core.snapshot();
  const [first] = watched.instances;
  if (first === undefined || !saved.ok) throw new TypeError("a core that can't be saved");
  return {
    core,
    watched,
    snapshot: saved.bytes,
    memory: new Uint8Array(first.guest.memory.buffer).slice(),
    host: hostText(core, first),
    calls,
    functions,
  };
}

function graphOf(core: Core): SnapshotGraph {
  const saved = core.snapshot();
  const read = saved.ok ? readContainer(saved.bytes) : undefined;
  const decoded = read?.ok === true ? decodeBody(read.container.body) : undefined;
  if (decoded?.ok !== true) throw new TypeError("a core that can't be saved");
  return decoded.graph;
}

/** Whether the core is as it was before it took a mutant: else another takes its place. */
function broughtBack({ core, watched, snapshot, memory, host }: Keeper): boolean {
  const restored = core.restore(snapshot, { bytecode: "trusted" });
  const latest = watched.instances.at(-1);
  if (!restored.ok || latest === undefined) return false;
  watched.instances.splice(0, watched.instances.length, latest);
  memory.set(new Uint8Array(latest.guest.memory.buffer));
  return hostText(core, latest) === host;
}

/** What is not as it was before a mutant was refused. */
function changeOf({ core, watched, memory, host }: Keeper): string | undefined {
  const [first] = watched.instances;
  watched.instances.length = 1;
  if (first === undefined) return "the old state is gone";
  if (hostText(core, first) !== host) return "a refused snapshot changed the host's side";
  if (Buffer.compare(new Uint8Array(first.guest.memory.buffer), memory) === 0) return undefined;
  return "a refused snapshot changed the old state's memory";
}

/**
 * TypeScript refuses most mutants before the core's own reader has them. What it finds malformed is
 * given to that one too, as trusted: it must refuse the same. It takes another instance: some are.
 * Bytecode is not compared; nobody checks it.
 */
function faultOfReader({ core }: Keeper, bytes: Uint8Array): string | undefined {
  if (((bytes[checksumByte] ?? 0) & 3) !== 0) return undefined;
  const read = readContainer(bytes);
  if (!read.ok || read.container.functionCount > 0) return undefined;
  const decoded = decodeBody(read.container.body);
  if (decoded.ok || harmless.test(decoded.reason)) return undefined;
  const restored = core.restore(bytes, { bytecode: "trusted" });
  if (!restored.ok) return fault(restored, answers);
  return `the core takes what TypeScript refuses: ${decoded.reason}`;
}

function faultOfAccepted(keeper: Keeper, bytes: Uint8Array): string | undefined {
  const { core } = keeper;
  keeper.calls.vault = 0;
  const result = core.compute(useState);
  keeper.calls.isUsed = result.ok;
  const used = faultOfUse(result);
  if (used !== undefined) return used;
  if (keeper.calls.vault > 0) return "a host function is called under another's name";
  const read = readContainer(bytes);
  const decoded = read.ok ? decodeBody(read.container.body) : read;
  if (!decoded.ok) return `the core takes what TypeScript refuses: ${decoded.reason}`;
  const exchanged = exchangedFunction(decoded.graph, keeper.functions);
  if (exchanged !== undefined) return `a function is called under another's name: ${exchanged}`;
  core.runGc();
  const saved = core.snapshot();
  if (!saved.ok) {
    const what = fault(saved, ["NOT_PERSISTABLE", "OUT_OF_MEMORY", "RUNTIME_FAILED"]);
    if (what !== undefined) return `save: ${what}`;
  } else {
    const again = faultOfSaved(core, { bytes, again: saved.bytes });
    if (again !== undefined) return again;
  }
  return faultOfClosing(keeper);
}

/** As `dispose` does, but for the core, which takes another state then. */
function faultOfClosing({ core, watched }: Keeper): string | undefined {
  try {
    watched.instances.at(-1)?.guest.deinit();
  } catch (error) {
    return `trap: ${messageOf(error)}`;
  }
  const held = [...core.tables.registry.all()].filter(({ handles }) => handles !== 0);
  return held.length === 0 ? undefined : "handles are left behind a state that is closed";
}

function faultOfSaved(
  core: Core,
  { bytes, again }: { readonly bytes: Uint8Array; readonly again: Uint8Array },
): string | undefined {
  if (again.length > bytes.length * growth.factor + growth.bytes) {
    return "a snapshot of it is much longer than it was";
  }
  const read = readContainer(again);
  const decoded = read.ok ? decodeBody(read.container.body) : read;
  if (!decoded.ok) return `TypeScript refuses what the core saved: ${decoded.reason}`;
  // It takes another instance: some are.
  if (((again[checksumByte] ?? 0) & 3) !== 0) return undefined;
  const restored = core.restore(again);
  if (!restored.ok) return `saved and refused: ${String(restored.error)}`;
  return faultOfUse(core.compute("collectgarbage() return nil"));
}
