/** `npm run report`: renders saved records again, without running anything. */
import { dirname, join, relative, resolve } from "node:path";
import { Command } from "commander";
import { RecordError } from "../harness/record/journal.ts";
import { reportAgain } from "../harness/report/again.ts";
import { BudgetError } from "../harness/report/budget.ts";
import { NoRunError } from "../harness/report/model.ts";

const exit = { written: 0, usage: 2 } as const;
const reports = resolve(import.meta.dirname, "..", "reports");

interface Options {
  readonly out?: string;
  readonly baseline?: string;
  readonly budgets: string;
}

const command = new Command("npm run report --")
  .description("Renders saved records again, as JSON, Markdown, HTML and JUnit; runs nothing.")
  .argument("[records]", "the records of a run", inReports("latest", "records.jsonl"))
  .option("--out <directory>", "where the reports go (default: beside the records)")
  .option(
    "--baseline <path>",
    `sizes to compare with: a folder, or a run's records (default: ${inReports("baseline")})`,
  )
  .option("--budgets <path>", "the limits", inReports("budgets.json"))
  .addHelpText("after", "\nExit: 0 reports written, whatever they say; 2 records can't be used.")
  .showHelpAfterError("(npm run report -- --help)")
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? exit.written : exit.usage));
command.parse();
process.exitCode = await main(command.processedArgs[0], command.opts<Options>());

/** Shown in the help, so as short as it can be. */
function inReports(...names: readonly string[]): string {
  return relative(process.cwd(), join(reports, ...names));
}

async function main(records: string, { out, baseline, budgets }: Options): Promise<number> {
  try {
    const { model, paths } = await reportAgain({
      recordsPath: records,
      ...(baseline === undefined ? {} : { baselinePath: baseline }),
      ownBaselinePath: join(reports, "baseline"),
      budgetsPath: budgets,
      outDirectory: out ?? dirname(records),
    });
    const { broke, grew, slowed } = model.answers;
    const answers = [
      `Did anything break? ${broke.headline}`,
      `Did it get bigger? ${grew.headline}`,
      `Did it get slower? ${slowed.headline}`,
    ];
    process.stderr.write(`${answers.join("\n")}\n`);
    process.stdout.write(`${paths.join("\n")}\n`);
    return exit.written;
  } catch (error) {
    const expected =
      error instanceof RecordError || error instanceof BudgetError || error instanceof NoRunError;
    if (!expected) throw error;
    process.stderr.write(`${error.message}\n`);
    return exit.usage;
  }
}
