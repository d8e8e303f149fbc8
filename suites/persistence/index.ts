/** The suite `persistence`: whole states saved, restored, and gone on with; and what can't be. */
import { defineCase } from "../../harness/suite/collect.ts";
import type { Suite } from "../../harness/suite/suite.ts";
import { acrossVariantsCases } from "./across-variants.ts";
import { containerCases } from "./containers.ts";
import { costs } from "./costs.ts";
import { droppedKeyCases } from "./dropped-keys.ts";
import { finalizerCases } from "./finalizers.ts";
import { hookCases } from "./hooks.ts";
import { impossibleCases } from "./impossible.ts";
import { memoryCases } from "./memory.ts";
import { outOfMemoryCases } from "./out-of-memory.ts";
import { savedPrograms } from "./programs.ts";
import { refusalCases } from "./refusals.ts";
import { goesOn } from "./saved-program.ts";
import { sizeCases } from "./sizes.ts";
import { strangeDataCases } from "./strange-data.ts";
import { strangerFunctionCases } from "./stranger-functions.ts";
import { strangerCases } from "./strangers.ts";
import { unfinishedCases } from "./unfinished.ts";
import { whatLoads } from "./what-loads.ts";

export const persistenceSuite: Suite = {
  name: "persistence",
  cases: [
    ...savedPrograms.map((program) =>
      defineCase({
        id: `persistence/${program.name}`,
        title: program.title,
        run: ({ load }) => goesOn(program, load),
      }),
    ),
    ...acrossVariantsCases,
    ...refusalCases,
    ...strangerCases,
    ...strangerFunctionCases,
    ...strangeDataCases,
    ...impossibleCases,
    ...containerCases,
    ...hookCases,
    ...finalizerCases,
    ...droppedKeyCases,
    ...whatLoads,
    ...memoryCases,
    ...unfinishedCases,
    ...outOfMemoryCases,
    ...sizeCases,
    ...costs,
  ],
  spread: "every-variant",
  hasPartners: true,
  entry: import.meta.url,
};
