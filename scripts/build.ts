/** `npm run build`: builds variants and prints what they weigh. */
import { resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { ArtifactError } from "../harness/build/artifact-file.ts";
import { type BuildResult, build } from "../harness/build/build.ts";
import { limiter } from "../harness/build/limit.ts";
import { provision } from "../harness/build/provision/provision.ts";
import { ProvisionError } from "../harness/build/provision/provision-error.ts";
import { FilterError, parseFilter } from "../harness/variant/filter.ts";
import { allVariants } from "../harness/variant/list.ts";
import type { Variant } from "../harness/variant/variant.ts";

const exit = { usage: 2, buildFailed: 3, interrupted: 130 } as const;
const root = resolve(import.meta.dirname, "..");

interface Options {
  readonly filter?: string;
  readonly force?: boolean;
  readonly jobs: number;
}

const command = new Command("npm run build --")
  .description("Builds variants into .cache/artifacts/ and prints their sizes in bytes.")
  .argument("[ids...]", "ids of variants; all of them when none is given")
  .option("--filter <filter>", "for example 'optimize=ReleaseSmall,unwind=js|eh'")
  .option("--force", "build even what the cache holds")
  .option("--jobs <n>", "how many build side by side", parseJobs, 2)
  .addHelpText("after", "\nExit: 0 built, 2 wrong use, 3 a build or the set-up failed.")
  .showHelpAfterError("(npm run build -- --help)")
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : exit.usage));
command.parse();
process.exitCode = await main(command.args, command.opts<Options>());

function parseJobs(text: string): number {
  const jobs = Number(text);
  if (!Number.isInteger(jobs) || jobs < 1) throw new InvalidArgumentError("a whole number from 1.");
  return jobs;
}

async function main(ids: readonly string[], options: Options): Promise<number> {
  const interruption = new AbortController();
  process.on("SIGINT", () => interruption.abort());
  try {
    return await buildAll(selectVariants(ids, options.filter), options, interruption.signal);
  } catch (error) {
    if (interruption.signal.aborted) return exit.interrupted;
    if (error instanceof FilterError) {
      process.stderr.write(`${error.message}\n`);
      return exit.usage;
    }
    if (error instanceof ProvisionError || error instanceof ArtifactError) {
      process.stderr.write(`${error.message}\n`);
      return exit.buildFailed;
    }
    throw error;
  }
}

/** Throws FilterError. */
function selectVariants(ids: readonly string[], filter: string | undefined): readonly Variant[] {
  const filters = [filter, ids.length === 0 ? undefined : ids.join("|")];
  const predicates = filters.flatMap((one) => (one === undefined ? [] : [parseFilter(one)]));
  const variants = allVariants().filter((variant) => predicates.every((fits) => fits(variant)));
  if (variants.length === 0) throw new FilterError("no variant fits: npm run build -- --help");
  return variants;
}

async function buildAll(
  variants: readonly Variant[],
  { force, jobs }: Options,
  signal: AbortSignal,
): Promise<number> {
  const progress = (line: string) => process.stderr.write(`${line}\n`);
  const tools = await provision({ root, environment: process.env, progress, signal });
  const limited = limiter(jobs);
  const context = {
    root,
    tools,
    signal,
    force: force === true,
    onStep: (variant: Variant, step: string) => progress(`${variant.id}: ${step}`),
    onNotice: (variant: Variant, notice: string) => progress(`${variant.id}: ${notice}`),
  };
  const results = await Promise.all(
    variants.map(async (variant) => ({
      variant,
      result: await limited(() => build(variant, context)),
    })),
  );
  process.stdout.write(`${row(["variant", "raw", "gzip", "brotli", "ms", ""])}\n`);
  for (const { variant, result } of results)
    process.stdout.write(`${resultRow(variant, result)}\n`);
  return results.some(({ result }) => !result.ok) ? exit.buildFailed : 0;
}

function resultRow(variant: Variant, result: BuildResult): string {
  if (!result.ok) return `${variant.id}: failed: ${result.message}\n  repeat: ${result.repro}`;
  const { sizes, steps } = result.artifact;
  const durationMs = steps.reduce((sum, step) => sum + step.durationMs, 0);
  const figures = [sizes.raw, sizes.gzip, sizes.brotli, Math.round(durationMs)].map(String);
  return row([variant.id, ...figures, result.cached ? "cached" : ""]);
}

function row([id = "", ...figures]: readonly string[]): string {
  return `${id.padEnd(32)}${figures.map((figure) => figure.padStart(10)).join("")}`.trimEnd();
}
