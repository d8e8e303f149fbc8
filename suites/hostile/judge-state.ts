/** Judges a snapshot that nobody vouches for: restored over a state that must stay, or used. */
import type { Core } from "../../harness/core/core.ts";
import type { RestoreOptions } from "../../harness/core/restore-snapshot.ts";
import { readContainer } from "../../harness/core/snapshot/container.ts";
import { decodeBody } from "../../harness/core/snapshot/decode-body.ts";
import { commonCore, run } from "./bases.ts";
import {
  accepted,
  failed,
  fault,
  faultOfUse,
  hostText,
  refused,
  type Verdict,
  Watched,
} from "./judge.ts";
import type { Mutant } from "./mutate.ts";
import { useState } from "./use.ts";

/** What bytes may be refused with. */
const answers = ["BAD_SNAPSHOT", "OUT_OF_MEMORY", "NOT_FOUND", "UNKNOWN_TABLE", "RUNTIME_FAILED"];
/** What a state may grow by when it is used and saved: its own bytes so often, and so many. */
const growth = { factor: 16, bytes: 65_536 };

/** A core with a state that must outlive what is refused, and what it is compared by. */
interface Keeper {
  readonly core: Core;
  readonly watched: Watched;
  readonly memory: Uint8Array;
  readonly host: string;
  vaultCalls: number;
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
    this.#keepers.set(name, keeper);
    const restored = keeper.core.restore(bytes, this.#options);
    if (!restored.ok) {
      const what = fault(restored, answers) ?? changeOf(keeper);
      if (what === undefined) return refused;
      this.#keepers.delete(name);
      return failed(what);
    }
    this.#keepers.delete(name);
    const what = faultOfAccepted(keeper, bytes);
    return what === undefined ? accepted : failed(what);
  }
}

async function keeperOf(
  module: WebAssembly.Module,
  { libraries }: Mutant["base"],
): Promise<Keeper> {
  const watched = new Watched();
  const core = await commonCore(module, { libraries, wiring: watched.wiring });
  const keeper = { core, watched, memory: new Uint8Array(0), host: "", vaultCalls: 0 };
  core.register("vault", () => {
    keeper.vaultCalls += 1;
  });
  run(core, `old = {"kept", {_home}, users} f, s, k = next, old, nil loop = {pairs(users)}`);
  const [first] = watched.instances;
  if (first === undefined) throw new TypeError("a core without an instance");
  keeper.memory = new Uint8Array(first.guest.memory.buffer).slice();
  keeper.host = hostText(core, first);
  return keeper;
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

function faultOfAccepted(keeper: Keeper, bytes: Uint8Array): string | undefined {
  const { core } = keeper;
  const used = faultOfUse(core.compute(useState));
  if (used !== undefined) return used;
  if (keeper.vaultCalls > 0) return "a host function is called under another's name";
  const read = readContainer(bytes);
  const decoded = read.ok ? decodeBody(read.container.body) : read;
  if (!decoded.ok) return `the core takes what TypeScript refuses: ${decoded.reason}`;
  core.runGc();
  const saved = core.snapshot();
  if (!saved.ok) {
    const what = fault(saved, ["NOT_PERSISTABLE", "OUT_OF_MEMORY", "RUNTIME_FAILED"]);
    if (what !== undefined) return `save: ${what}`;
  } else {
    const again = faultOfSaved(core, { bytes, again: saved.bytes });
    if (again !== undefined) return again;
  }
  core.dispose();
  const held = [...core.tables.registry.all()].filter(({ handles }) => handles !== 0);
  return held.length === 0 ? undefined : "handles are left behind a core that is disposed of";
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
  const restored = core.restore(again);
  if (!restored.ok) return `saved and refused: ${String(restored.error)}`;
  return faultOfUse(core.compute("collectgarbage() return nil"));
}
