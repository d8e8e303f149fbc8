/** The fuzz target `language`: generated programs that use all of the language. */
import type { FuzzTarget } from "../../harness/fuzz/target.ts";
import { languageExclusions } from "./exclusions.ts";
import { programs } from "./grammar/program.ts";
import { languagePrelude } from "./prelude.ts";

export const languageTarget: FuzzTarget = {
  name: "language",
  title: "Lua programs: values, output and error texts as on the native twin",
  prelude: languagePrelude,
  casesPerProgram: 1,
  programs,
  exclusions: languageExclusions,
};
