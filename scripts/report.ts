/** `npm run report`: renders saved records again, without running anything. */
import { dirname, join, relative, resolve } from "node:path";
import { Command } from "commander";
import { z } from "zod";
import { classicWorkloadNames } from "../benchmarks/index.ts";
import { RecordError } from "../harness/record/journal.ts";
import { reportAgain } from "../harness/report/again.ts";
import { BudgetError } from "../harness/report/budget.ts";
import { NoRunError } from "../harness/report/model.ts";
import { runCommander } from "./command/commander-command.ts";
import type { Invocation } from "./command/invocation.ts";
import { addOptions, option, optionsOf } from "./command/options.ts";
import { runAsProcess } from "./command/process.ts";
import { UsageError } from "./command/usage.ts";

const exit = { written: 0, usage: 2 } as const;
const reports = resolve(import.meta.dirname, "..", "reports");

const schema = z.object({
  out: option(
    z.string().exactOptional(),
    "directory",
    "where the reports go (default: beside the records)",
  ),
  baseline: option(
    z.string().exactOptional(),
    "path",
    `figures to compare with: a folder, or a run's records (default: ${inReports("baseline")})`,
  ),
  compare: option(
    z.array(z.string()).exactOptional(),
    "run...",
    "two saved runs, the earlier one first: what broke, grew, slowed",
  ),
  history: option(
    z.string().exactOptional(),
    "directory",
    "a folder of saved records, *.jsonl, one run each",
  ),
  budgets: option(z.string().default(inReports("budgets.json")), "path", "the limits"),
});
type Options = z.output<typeof schema>;

const command = new Command("npm run report --")
  .description(
    "Renders saved records again, as JSON, Markdown, HTML, JUnit, CTRF and for " +
      "github-action-benchmark; runs nothing.",
  )
  .argument(
    "[run...]",
    "records of runs that belong together, or their folders " +
      `(default: ${inReports("latest", "records.jsonl")})`,
  )
  .addHelpText(
    "after",
    "\nExit: 0 reports written, whatever they say; 1 not written (a full disk, say); 2 records " +
      "can't be used.",
  );
addOptions(command, schema);
await runAsProcess((invocation) =>
  runCommander(command, invocation, () =>
    main(invocation, command.processedArgs[0], optionsOf(command.opts(), schema)),
  ),
);

/** Shown in the help, so as short as it can be. */
function inReports(...names: readonly string[]): string {
  return relative(process.cwd(), join(reports, ...names));
}

async function main(
  invocation: Invocation,
  runs: readonly string[],
  options: Options,
): Promise<number> {
  const { stdout, stderr } = invocation;
  const { out, baseline, compare, history, budgets } = options;
  if (
    compare !== undefined &&
    (compare.length !== 2 || runs.length + (baseline?.length ?? 0) > 0)
  ) {
    throw new UsageError("--compare takes two runs, and neither others nor a --baseline");
  }
  const [before, now] = compare ?? [];
  const asked = now === undefined ? runs : [now];
  const [first = inReports("latest", "records.jsonl"), ...others] = asked;
  try {
    const { model, paths } = await reportAgain({
      recordsPaths: [first, ...others],
      ...(before === undefined ? {} : { beforePath: before }),
      ...(baseline === undefined ? {} : { baselinePath: baseline }),
      ...(history === undefined ? {} : { historyPath: history }),
      ownBaselinePath: join(reports, "baseline"),
      budgetsPath: budgets,
      outDirectory: out ?? (first.endsWith(".jsonl") ? dirname(first) : first),
      classic: classicWorkloadNames,
    });
    const { broke, grew, slowed } = model.answers;
    const answers = [
      `Did anything break? ${broke.headline}`,
      `Did it get bigger? ${grew.headline}`,
      `Did it get slower? ${slowed.headline}`,
    ];
    stderr.write(`${answers.join("\n")}\n`);
    stdout.write(`${paths.join("\n")}\n`);
    return exit.written;
  } catch (error) {
    const expected =
      error instanceof RecordError || error instanceof BudgetError || error instanceof NoRunError;
    if (!expected) throw error;
    stderr.write(`${error.message}\n`);
    return exit.usage;
  }
}
