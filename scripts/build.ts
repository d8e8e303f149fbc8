/** `npm run build`: builds variants and prints what they weigh and where they are. */
import { relative } from "node:path";
import { Command } from "commander";
import { z } from "zod";
import { type BuildResult, build } from "../harness/build/build.ts";
import { limiter } from "../harness/build/limit.ts";
import { provision } from "../harness/build/provision/provision.ts";
import { row, words } from "../harness/report/section/cells.ts";
import { columnsOf, type Row } from "../harness/report/section/section.ts";
import { terminalTable } from "../harness/report/terminal/table.ts";
import { FilterError, parseFilter } from "../harness/variant/filter.ts";
import { allVariants } from "../harness/variant/list.ts";
import type { Variant } from "../harness/variant/variant.ts";
import { runCommander } from "./command/commander-command.ts";
import type { Invocation } from "./command/invocation.ts";
import { linesTo } from "./command/lines.ts";
import { addOptions, flag, option, optionsOf, text, wholeFrom } from "./command/options.ts";
import { runAsProcess } from "./command/process.ts";
import { UsageError } from "./command/usage.ts";

const exit = { buildFailed: 3 } as const;

const schema = z.object({
  filter: option(
    text.exactOptional(),
    "filter",
    "for example 'optimize=ReleaseSmall,unwind=js|eh'",
  ),
  force: flag("build even what the cache holds"),
  jobs: option(wholeFrom(1).default(2), "n", "how many build side by side"),
});
type Options = z.output<typeof schema>;

const command = new Command("npm run build --")
  .description(
    "Builds variants into .cache/artifacts/; prints each one's sizes in bytes and, in the last " +
      "column, the path of its wasm from the project's folder. A LICENSE to ship lies beside it.",
  )
  .argument("[ids...]", "ids of variants; all of them when none is given")
  .addHelpText(
    "after",
    "\nExit: 0 built, 1 set-up failed, 2 wrong use, 3 a build failed, 130 interrupted.",
  );

addOptions(command, schema);

async function main(invocation: Invocation): Promise<number> {
  const options = optionsOf(command.opts(), schema);
  try {
    return await buildAll(selectVariants(command.args, options.filter), options, invocation);
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    throw new UsageError(error.message, { cause: error });
  }
}

/** Throws FilterError. */
function selectVariants(ids: readonly string[], filter: string | undefined): readonly Variant[] {
  const filters = [filter, ids.length === 0 ? undefined : ids.join("|")];
  const predicates = filters.flatMap((one) => (one === undefined ? [] : [parseFilter(one)]));
  const variants = allVariants().filter((variant) => predicates.every((fits) => fits(variant)));
  if (variants.length === 0) throw new FilterError("no variant fits");
  return variants;
}

async function buildAll(
  variants: readonly Variant[],
  { force, jobs }: Options,
  { root, environment, signal, stdout, stderr }: Invocation,
): Promise<number> {
  const progress = linesTo(stderr);
  const tools = await provision({ root, environment, progress, signal });
  const limited = limiter(jobs);
  const context = {
    root,
    tools,
    signal,
    force,
    onStep: (variant: Variant, step: string) => progress(`${variant.id}: ${step}`),
    onNotice: (variant: Variant, notice: string) => progress(`${variant.id}: ${notice}`),
  };
  const results = await Promise.all(
    variants.map(async (variant) => ({
      variant,
      result: await limited(() => build(variant, context)),
    })),
  );
  stdout.write(`${resultLines(results, root).join("\n")}\n`);
  return results.some(({ result }) => !result.ok) ? exit.buildFailed : 0;
}

interface VariantResult {
  readonly variant: Variant;
  readonly result: BuildResult;
}

/** A row for each that was built, then what failed. */
function resultLines(results: readonly VariantResult[], root: string): readonly string[] {
  const rows = results.flatMap(({ variant, result }) =>
    result.ok ? [artifactRow(variant, result, root)] : [],
  );
  const figures = ["raw", "gzip", "brotli", "ms"];
  const columns = [...columnsOf({ words: ["variant"], figures }), { title: "" }, { title: "wasm" }];
  const failed = results.flatMap(({ variant, result }) =>
    result.ok ? [] : [`${variant.id}: failed: ${result.message}`, `  repeat: ${result.repro}`],
  );
  return [...terminalTable({ columns, rows }), ...failed];
}

function artifactRow(
  { id }: Variant,
  { artifact, cached }: Extract<BuildResult, { readonly ok: true }>,
  root: string,
): Row {
  const { sizes, steps, wasmPath } = artifact;
  const durationMs = steps.reduce((sum, step) => sum + step.durationMs, 0);
  const figures = [sizes.raw, sizes.gzip, sizes.brotli, Math.round(durationMs)].map(String);
  return row(
    words(id),
    ...figures.map(words),
    words(cached ? "cached" : ""),
    words(relative(root, wasmPath)),
  );
}

await runAsProcess((invocation) => runCommander(command, invocation, () => main(invocation)));
