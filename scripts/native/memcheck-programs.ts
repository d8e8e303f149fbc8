/** Generated Lua programs as files of the native twin, to be run under Memcheck. */

import { programsOf, programsPerBatch } from "../../harness/fuzz/batch.ts";
import type { TwinTask } from "../../harness/native/run-twin.ts";
import { languageTarget } from "../../suites/language/fuzz-target.ts";
import { quoted } from "../../suites/language/grammar/grammar.ts";

/** One file, and so one state, for each batch of `npm run fuzz` with that seed. */
export function memcheckPrograms({
  seed,
  programs,
}: {
  readonly seed: number;
  readonly programs: number;
}): readonly TwinTask[] {
  return Array.from({ length: Math.ceil(programs / programsPerBatch) }, (_, batch) => {
    const count = Math.min(programsPerBatch, programs - batch * programsPerBatch);
    return {
      file: `language-${batch}`,
      program: programOf(programsOf(languageTarget, { seed, batch }, count)),
      lastLine: new RegExp(`^${count} programs gave a text$`, "m"),
    };
  });
}

/** Runs the programs in turn, as the oracle does: a chunk each, which returns its log. */
function programOf(programs: readonly string[]): string {
  return `
    assert(load(${literal(languageTarget.prelude)}))()
    local texts = 0
    for _, program in ipairs({
      ${programs.map(literal).join(",\n      ")}
    }) do
      if type(assert(load(program, "=eval"))()) == "string" then texts = texts + 1 end
    end
    print(texts .. " programs gave a text")`;
}

function literal(text: string): string {
  return quoted(Buffer.from(text).toString("latin1"));
}
