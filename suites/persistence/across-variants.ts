/** Snapshots that other variants have made: restored here, and gone on with. */

import type { Figures, Subject } from "../../harness/suite/case.ts";
import { CheckFailure, equal } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import { loadCore } from "../../runtime/core/load.ts";
import { savedPrograms } from "./programs.ts";
import { begun, endsAsExpected, type Load, preparedFor, restores, saved } from "./saved-program.ts";

export const acrossVariantsCases = [
  defineCase({
    id: "persistence/across-variants",
    title: "What each variant of the quick set has saved is restored here, and goes on",
    limitMs: 120_000,
    run: async ({ load, partners, subject }) => {
      const figures: Record<string, number> = {};
      const all = await partners();
      for (const partner of all.length > 0 ? all : [subject]) {
        figures[`restoredFrom${nameOf(partner)}`] = await restoredFrom(partner, load);
      }
      return figures satisfies Figures;
    },
  }),
];

/** How many programs it has saved; each must end here as it would have there. */
async function restoredFrom(partner: Subject, load: Load): Promise<number> {
  const module = await WebAssembly.compile(partner.wasm);
  for (const program of savedPrograms) {
    const there = await begun(program, (options) => loadCore(module, options));
    const here = await preparedFor(program, load, 2);
    try {
      const snapshot = saved(there);
      restores(here, snapshot);
      equal(here.diff(snapshot, saved(here)), [], "what differs once it is restored");
      endsAsExpected(here, program, "restored");
    } catch (cause) {
      if (!(cause instanceof CheckFailure)) throw cause;
      throw new CheckFailure(`${program.name}, saved by ${partner.id}: ${cause.message}`, {
        cause,
      });
    } finally {
      there.dispose();
      here.dispose();
    }
  }
  return savedPrograms.length;
}

/** "WasiDebugJsNone" of wasi-debug-js-none. */
function nameOf({ id }: Subject): string {
  return id.replace(/(^|[^a-zA-Z0-9]+)([a-zA-Z0-9]?)/g, (_, _gap, first: string) =>
    first.toUpperCase(),
  );
}
