/** The fuzz target `serializer`: programs that are saved, and end in another variant. */
import type { FuzzTarget } from "../../harness/fuzz/target.ts";
import { languageExclusions } from "../language/exclusions.ts";
import { programs } from "./grammar/program.ts";
import { relayPrelude } from "./prelude.ts";
import { relaySides } from "./relay.ts";

export const serializerTarget: FuzzTarget = {
  name: "serializer",
  title: "Lua programs, saved on their way and restored in another variant, end as uninterrupted",
  prelude: relayPrelude,
  casesPerProgram: 1,
  programs,
  // In which order a program meets the keys of its tables depends on all that was made before it,
  // and that, where C's stack ends or a finalizer runs, on the variant.
  sides: { reference: "uninterrupted", of: relaySides, judgesAlone: true },
  exclusions: languageExclusions.filter(({ what }) => what === "memory that ran out"),
};
