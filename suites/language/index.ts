/** The suite `language`: programs whose log is known, over all constructs of the language. */
import { equal, succeeded, succeeds } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import type { Suite } from "../../harness/suite/suite.ts";
import { chunkOf, expectedLog, type LanguageProgram } from "./language-program.ts";
import { languagePrelude } from "./prelude.ts";
import { chunksPrograms } from "./programs/chunks.ts";
import { controlFlowPrograms } from "./programs/control-flow.ts";
import { coroutinesPrograms } from "./programs/coroutines.ts";
import { errorsPrograms } from "./programs/errors.ts";
import { functionsPrograms } from "./programs/functions.ts";
import { metatablesPrograms } from "./programs/metatables.ts";
import { numbersPrograms } from "./programs/numbers.ts";
import { tablesPrograms } from "./programs/tables.ts";
import { textPrograms } from "./programs/text.ts";
import { unwindingPrograms } from "./programs/unwinding.ts";

export const languagePrograms: readonly LanguageProgram[] = [
  ...numbersPrograms,
  ...textPrograms,
  ...controlFlowPrograms,
  ...functionsPrograms,
  ...tablesPrograms,
  ...metatablesPrograms,
  ...coroutinesPrograms,
  ...errorsPrograms,
  ...unwindingPrograms,
  ...chunksPrograms,
];

export const languageSuite: Suite = {
  name: "language",
  spread: "every-variant",
  cases: languagePrograms.map((program) =>
    defineCase({
      id: `language/${program.name}`,
      title: program.title,
      run: async ({ load }) => {
        const core = await load({ bytecode: "trusted", seed: 1 });
        succeeds(core.compute(languagePrelude), [], "the prelude");
        const [log] = succeeded(core.compute(chunkOf(program)), "the program").values;
        equal(log, expectedLog(program), "the log");
      },
    }),
  ),
  entry: import.meta.url,
};
