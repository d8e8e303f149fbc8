/** Judges a value that was stored, and is read again and again in one state with secrets in it. */
import { homeTableId } from "../../runtime/abi/abi.ts";
import { keep } from "../../runtime/bytes/kept-bytes.ts";
import { DecodeError } from "../../runtime/check/errors.ts";
import type { Core } from "../../runtime/core/core.ts";
import { decodeBody } from "../../runtime/graph/decode-body.ts";
import { behavioursIn } from "../../runtime/store/bytecode-trust.ts";
import { commonCore, keyV, run } from "./bases.ts";
import { accepted, failed, fault, faultOfUse, refused, type Verdict } from "./judge.ts";
import type { Mutant } from "./mutate.ts";
import { defineUse } from "./use.ts";

/** What one damages may show in another: so few share a core. */
const usesMax = 20;

export class ValueJudge {
  readonly #module: WebAssembly.Module;
  #core: { readonly core: Core; uses: number } | undefined;

  constructor(module: WebAssembly.Module) {
    this.#module = module;
  }

  async judge({ base, bytes }: Mutant): Promise<Verdict> {
    const shared = this.#core ?? { core: await valueCore(this.#module, base), uses: 0 };
    this.#core = shared;
    const verdict = judgedIn(shared.core, bytes);
    if (verdict.kind === "accepted") shared.uses += 1;
    if (verdict.kind === "failed" || shared.uses >= usesMax) this.#core = undefined;
    return verdict;
  }
}

async function valueCore(module: WebAssembly.Module, { libraries }: Mutant["base"]): Promise<Core> {
  const core = await commonCore(module, { libraries });
  run(core, defineUse);
  return core;
}

function judgedIn(core: Core, bytes: Uint8Array): Verdict {
  const { registry } = core.tables;
  const home = registry.find(homeTableId);
  if (home === undefined) throw new TypeError("a core without _home");
  try {
    if (behavioursIn(bytes) !== undefined) return refused;
    const value = keep(bytes, { start: 0, end: bytes.length });
    if (registry.put(home, { key: keyV, value }) !== "stored") return refused;
  } catch (error) {
    if (error instanceof DecodeError) return refused;
    throw error;
  }
  const result = core.call("useValue");
  const used = faultOfUse(result);
  if (used !== undefined) return failed(used);
  if (result.ok && String(result.values[0]) === "refused") return refused;
  const decoded = decodeBody(bytes.subarray(1));
  if (!decoded.ok) return failed(`the core takes what TypeScript refuses: ${decoded.reason}`);
  // As a save does; what was read and dropped is garbage now.
  core.runGc();
  const saved = core.snapshot();
  const what = saved.ok ? undefined : fault(saved, ["NOT_PERSISTABLE", "OUT_OF_MEMORY"]);
  return what === undefined ? accepted : failed(`save: ${what}`);
}
