/** Peers: how many times as fast each of our cores is as each other Lua, in the same run. */
import type { TimingRecord } from "../record/record.ts";
import { compare, ratioWithin } from "../statistics/comparison.ts";
import { readingLevel } from "../statistics/noise.ts";
import type { Peer, Speed } from "./schema-figures.ts";
import { isVariant } from "./subject-role.ts";
import { type Combined, combine, pairsByWorkload, withEnds } from "./time-pairs.ts";

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
    const namesOf = (timings: readonly TimingRecord[]) => [
      ...new Set(timings.map(({ variant }) => variant)),
    ];
    return namesOf(ofEngine.filter(({ role }) => role === "peer")).flatMap((peer) =>
      namesOf(ofEngine.filter(isVariant)).flatMap((core): Peer[] => {
        // The peer's time over the core's is the core's speed.
        const pairs = pairsByWorkload({ timings: ofEngine, base: core, subject: peer });
        const names = [...pairs.keys()];
        const isClassic = names.filter((name) => classic.has(name));
        const counted = isClassic.length > 0 ? isClassic : names.filter((name) => name !== floor);
        const mean = combine(counted.flatMap((name) => pairs.get(name) ?? []));
        if (mean === undefined) return [];
        return [
          {
            ...{ peer, core, engine, geometricMean: speedOf(mean), meanOfCount: counted.length },
            workloads: [...pairs].map(([workload, { base, subject }]) => ({
              ...{ workload, classic: classic.has(workload) },
              ...speedOf(withEnds(ratioWithin(compare(base, subject), readingLevel))),
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
