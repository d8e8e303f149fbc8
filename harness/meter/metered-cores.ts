/** Cores of metered modules: made as `loadCore` makes them, and counted together. */

import type { Core } from "../../runtime/core/core.ts";
import { coreOf } from "../../runtime/core/load.ts";
import type { CoreOptions } from "../../runtime/core/options.ts";
import { type CoreSource, compile } from "../../runtime/instance/compile.ts";
import type { Guest } from "../../runtime/instance/guest.ts";
import type { GuestParts } from "../../runtime/instance/instantiate.ts";
import { readMemoryStats } from "../../runtime/instance/memory-stats.ts";
import { countedEntries, countedImports, noTraffic, type Traffic } from "./boundary.ts";
import { Counters, type Counts, countsTogether, noCounts } from "./counters.ts";

/** What all cores of one MeteredCores did, from the first on. */
export interface Tally extends Readonly<Traffic> {
  readonly counts: Counts;
  /** The largest that the heap of one of them was. */
  readonly heapPeakBytes: number;
}

export class MeteredCores {
  readonly #traffic = noTraffic();
  readonly #meters = new Set<Meter>();
  /** What closed instances did: they are let go. */
  #closed: Omit<Tally, keyof Traffic> = { counts: noCounts, heapPeakBytes: 0 };

  /** In the place of `loadCore`; what it executes counts too. Throws CoreLoadError. */
  readonly load = async (wasm: CoreSource, options: CoreOptions): Promise<Core> => {
    return await coreOf(await compile(wasm), {
      options,
      wiring: {
        imports: (imports) => countedImports(imports, this.#traffic),
        guest: (parts) => this.#counted(parts),
      },
    });
  };

  tally(): Tally {
    let { counts, heapPeakBytes } = this.#closed;
    for (const meter of this.#meters) {
      counts = countsTogether(counts, meter.counters.read());
      heapPeakBytes = Math.max(heapPeakBytes, meter.heapPeakBytes());
    }
    return { ...this.#traffic, counts, heapPeakBytes };
  }

  #counted({ guest: plain, exports, host }: GuestParts): Guest {
    const counters = new Counters(exports);
    const heapPeakBytes = (): number =>
      counters.pausedFor(() => readMemoryStats(plain, host.memory).heapPeakBytes);
    const meter: Meter = { counters, heapPeakBytes };
    this.#meters.add(meter);
    const deinit = (): number => {
      const peakBytes = heapPeakBytes();
      const answer = plain.deinit();
      this.#meters.delete(meter);
      this.#closed = {
        counts: countsTogether(this.#closed.counts, counters.read()),
        heapPeakBytes: Math.max(this.#closed.heapPeakBytes, peakBytes),
      };
      return answer;
    };
    return { ...countedEntries(plain, this.#traffic), deinit };
  }
}

/** One instance that may still execute something. */
interface Meter {
  readonly counters: Counters;
  readonly heapPeakBytes: () => number;
}
