/** The fuzz target `arguments`: every library function, with arguments at the edges. */
import type { FuzzTarget } from "../../harness/fuzz/target.ts";
import { argumentsExclusions } from "./exclusions.ts";
import { argumentsPrelude } from "./prelude.ts";
import { callsPerProgram, programs } from "./program.ts";

export const argumentsTarget: FuzzTarget = {
  name: "arguments",
  title: "every function of every library with arguments at the edges: as on the native twin",
  prelude: argumentsPrelude,
  casesPerProgram: callsPerProgram,
  programs,
  loadsText: true,
  exclusions: argumentsExclusions,
};
