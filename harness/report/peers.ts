/** Peers: how many times as fast each of our cores is as each other Lua, in the same run. */
import type { TimingRecord } from "../record/record.ts";
import { type Combined, combine, compareByWorkload, ratioOf } from "./combined.ts";
import type { Peer, Speed } from "./schema-figures.ts";
import { roleOf } from "./subject-role.ts";

/** Workloads so short that they show the call alone: no part of a mean over all of them. */
const floor = "noop";

export function peersOf({
  timings,
  classic,
}: {
  readonly timings: readonly TimingRecord[];
  readonly classic: ReadonlySet<string>;
}): Peer[] {
  return [...Map.groupBy(timings, ({ engine }) => engine)].flatMap(([engine, ofEngine]) => {
    const namesOf = (role: "peer" | "core") => [
      ...new Set(ofEngine.filter((one) => roleOf(one) === role).map(({ variant }) => variant)),
    ];
    return namesOf("peer").flatMap((peer) =>
      namesOf("core").flatMap((core): Peer[] => {
        // The peer's time over the core's is the core's speed.
        const compared = compareByWorkload({ timings: ofEngine, base: core, subject: peer });
        const names = [...compared.keys()];
        const isClassic = names.filter((name) => classic.has(name));
        const counted = isClassic.length > 0 ? isClassic : names.filter((name) => name !== floor);
        const mean = combine(counted.flatMap((name) => compared.get(name) ?? []));
        if (mean === undefined) return [];
        return [
          {
            ...{ peer, core, engine, geometricMean: speedOf(mean), meanOfCount: counted.length },
            workloads: [...compared].map(([workload, comparison]) => ({
              ...{ workload, classic: classic.has(workload) },
              ...speedOf(ratioOf(comparison)),
            })),
          },
        ];
      }),
    );
  });
}

function speedOf({ ratio, ...interval }: Combined): Speed {
  return { speed: ratio, ...interval };
}
