/** The same states from both sides: Zig writes, TypeScript reads and writes again, Zig restores. */
import { equal, isTrue } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import { savedPrograms } from "../persistence/programs.ts";
import {
  begun,
  endsAsExpected,
  preparedFor,
  restores,
  saved,
} from "../persistence/saved-program.ts";
import { bodyOf, referenceStates, snapshotOf } from "./reference-states.ts";
import { trustedRegions } from "./regions.ts";
import { throughTypeScript } from "./through-type-script.ts";

export const roundTripCases = [
  defineCase({
    id: "serializer/zig-typescript-zig",
    title: "TypeScript reads each state and writes the same bytes, and Zig goes on with them",
    limitMs: 60_000,
    run: async ({ load }) => {
      let [states, bytes] = [0, 0];
      for (const program of savedPrograms) {
        const first = await begun(program, load);
        for (const debugInformation of [false, true]) {
          const snapshot = throughTypeScript(saved(first, program.name, { debugInformation }));
          const second = await preparedFor(program, load, 2);
          restores(second, snapshot);
          if (debugInformation) endsAsExpected(second, program, program.name);
          second.dispose();
          states += 1;
          bytes += snapshot.length;
        }
        first.dispose();
      }
      return { states, bytes };
    },
  }),
  defineCase({
    id: "serializer/reference-states",
    title: "The states that are damaged hold each kind of object, and restore to the same graph",
    run: async ({ load }) => {
      let [states, bytes, trustedBytes] = [0, 0, 0];
      for (const state of referenceStates) {
        const snapshot = throughTypeScript(await snapshotOf(state, load));
        const other = await load({ seed: 2 });
        restores(other, snapshot);
        equal(other.diff(snapshot, saved(other)), [], `${state.name}: what differs`);
        const body = bodyOf(snapshot);
        const regions = trustedRegions(body);
        isTrue(state.name === "data" || regions.length > 0, `${state.name} has functions`);
        for (const { from, to } of regions) trustedBytes += to - from;
        states += 1;
        bytes += body.length;
      }
      return { states, bytes, trustedBytes };
    },
  }),
];
