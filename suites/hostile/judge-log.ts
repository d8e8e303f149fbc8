/** Judges a store's log: refused with no table made, or brought back, used and saved again. */

import { coreOf } from "../../runtime/core/load.ts";
import { MemoryStore } from "../../runtime/store/memory-store.ts";
import { StoreError } from "../../runtime/store/store.ts";
import { persistTables } from "../../runtime/store/table-persistence.ts";
import type { TableRegistry } from "../../runtime/table/table-registry.ts";
import { accepted, failed, faultOfUse, refused, type Verdict } from "./judge.ts";
import type { Mutant } from "./mutate.ts";
import { useTables } from "./use.ts";

const idMax = 0x7fff_ffff;

export class LogJudge {
  readonly #module: WebAssembly.Module;

  constructor(module: WebAssembly.Module) {
    this.#module = module;
  }

  async judge({ base, bytes }: Mutant): Promise<Verdict> {
    const core = await this.#core(base);
    const { registry } = core.tables;
    const before = registryText(registry);
    const store = new MemoryStore();
    await store.write("tables", bytes);
    let kept: Awaited<ReturnType<typeof persistTables>>;
    try {
      kept = await persistTables({ tables: core.tables, store });
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      return registryText(registry) === before
        ? refused
        : failed("a refused log changed the tables");
    }
    const used = faultOfUse(core.compute(useTables));
    if (used !== undefined) return failed(used);
    const ids = [...registry.all()].map(({ id }) => id);
    const made = core.tables.create().id;
    if (ids.includes(made)) return failed("a new table has an old one's id");
    if (made <= 0 || made > idMax) return failed("a new table has an id that is none");
    await kept.save();
    kept.stop();
    return await this.#again({ base, store });
  }

  async #again({ base, store }: Pick<Mutant, "base"> & { readonly store: MemoryStore }) {
    const core = await this.#core(base);
    try {
      await persistTables({ tables: core.tables, store });
      return accepted;
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      return failed(`saved and refused: ${error.reason}`);
    }
  }

  #core({ libraries }: Mutant["base"]) {
    const options = { libraries, seed: 1, integers: "bigint", strings: "bytes" } as const;
    return coreOf(this.#module, { options });
  }
}

function registryText(registry: TableRegistry): string {
  const tables = [...registry.all()].map(({ id, entries }) => [id, entries.size]);
  return JSON.stringify([registry.nextId, tables]);
}
