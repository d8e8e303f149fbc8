/** The suite `serializer`: the format itself, from both sides, and under damage. */
import type { Suite } from "../../harness/suite/suite.ts";
import { damagedBodyCases } from "./damaged-bodies.ts";
import { damagedContainerCases } from "./damaged-containers.ts";
import { roundTripCases } from "./round-trips.ts";

export const serializerSuite: Suite = {
  name: "serializer",
  cases: [...roundTripCases, ...damagedContainerCases, ...damagedBodyCases],
  spread: "representatives",
  entry: import.meta.url,
};
