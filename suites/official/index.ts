/** The suite `official`: upstream's own tests, file by file, as far as 2 MiB allow. */
import type { Case } from "../../harness/suite/case.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import type { Suite } from "../../harness/suite/suite.ts";
import { account } from "./account.ts";
import type { Cut } from "./account-type.ts";
import { type Form, runFile } from "./run-file.ts";

/** How all.lua loads a file when not through string.dump and back with all that debuggers need. */
export const forms: ReadonlyMap<string, Form> = new Map([
  ["big", "text"],
  ["code", "stripped"],
  ["gc", "text"],
  ["goto", "stripped"],
  ["literals", "text"],
  ["sort", "stripped"],
  ["strings", "text"],
  ["verybig", "stripped"],
]);

/** One that takes some milliseconds shows in every check that the suite runs. */
const smokeFile = "events";

/** Far above the two seconds that the slowest file takes in Debug on a busy machine. */
const limitMs = 120_000;

function casesOf(file: string, cuts: readonly Cut[]): readonly Case[] {
  const form = forms.get(file) ?? "dumped";
  const blocks = cuts.length === 1 ? "1 block" : `${cuts.length} blocks`;
  const how = cuts.length === 0 ? "" : `, but for ${blocks}`;
  const text = defineCase({
    id: `official/${file}`,
    title: `${file}.lua${how}`,
    tier: file === smokeFile ? "smoke" : "standard",
    limitMs,
    run: (context) => runFile({ file, form: "text", cuts }, context),
  });
  if (form === "text") return [text];
  const kept = form === "stripped" ? "stripped, " : "";
  const dumped = defineCase({
    id: `official/${file}-dumped`,
    title: `${file}.lua through string.dump, ${kept}and back${how}`,
    limitMs,
    run: (context) => runFile({ file, form, cuts }, context),
  });
  return [text, dumped];
}

/** It stands in the report as skipped, with the reason and where it is run instead. */
function notRun(file: string, reason: string): Case {
  return defineCase({
    id: `official/${file}`,
    title: `${file}.lua`,
    appliesTo: () => reason,
    run: () => undefined,
  });
}

export const officialSuite: Suite = {
  name: "official",
  cases: account.flatMap((each) => {
    if (each.run === "not-run") return [notRun(each.file, each.reason)];
    return casesOf(each.file, each.run === "cut" ? each.cuts : []);
  }),
  spread: "representatives",
  entry: import.meta.url,
};
