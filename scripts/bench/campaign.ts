/** A campaign: whole measurements, one after the other, whose verdicts are counted. */
import type { Lineup } from "../../harness/bench/stage.ts";
import { BenchError } from "../../harness/bench/subject.ts";
import type { VerdictWord } from "../../harness/statistics/verdict.ts";
import { verdictsOf } from "../../harness/statistics/verdicts.ts";
import { UsageError } from "../command/usage.ts";
import type { Campaign } from "./options.ts";
import { type BenchRun, recordedRun } from "./run.ts";

export interface CampaignRun extends BenchRun {
  readonly campaign: Campaign;
}

export interface CampaignResult {
  readonly campaign: Campaign;
  /** In the order of the runs. */
  readonly verdicts: readonly CampaignVerdict[];
  /** Of each run. */
  readonly durationsMs: readonly number[];
}

export interface CampaignVerdict {
  readonly run: number;
  readonly workload: string;
  readonly subject: string;
  readonly verdict: VerdictWord;
  readonly ratio: number;
  readonly noisePercent: number;
  readonly processes: number;
}

/** Seeds go on from run to run; an interrupted run does not count. Throws BenchError. */
export async function runCampaign(asked: CampaignRun): Promise<CampaignResult> {
  const { options, campaign, invocation } = asked;
  const lineup = campaign.kind === "aa" ? againstItself(asked.lineup) : asked.lineup;
  const verdicts: CampaignVerdict[] = [];
  const durationsMs: number[] = [];
  for (let run = 0; run < campaign.runs && !invocation.signal.aborted; run++) {
    const begunMs = performance.now();
    // Processes add their number to the seed: runs keep clear of each other.
    const seed = options.seed + run * 1_000;
    const result = await recordedRun({
      ...{ ...asked, options: { ...options, seed }, lineup },
      invocation: { ...invocation, stderr: silent },
    });
    if (invocation.signal.aborted) break;
    const [wrong] = result.wrong;
    if (wrong !== undefined) throw new BenchError(wrong);
    durationsMs.push(performance.now() - begunMs);
    const found = verdictsOf(result.records, options.precisionPercent).flatMap(
      ({ workload, subjects }) =>
        subjects
          .filter(({ isTwin }) => !isTwin)
          .map(({ subject, verdict: { verdict, ratio, noisePercent, processes } }) => ({
            ...{ run, workload, subject, verdict, ratio, noisePercent, processes },
          })),
    );
    verdicts.push(...found);
    invocation.stderr.write(`run ${run + 1}/${campaign.runs}: ${found.map(shortOf).join(", ")}\n`);
  }
  return { campaign, verdicts, durationsMs };
}

const silent = { write: (): void => undefined };

/** A third compilation of the base: the twin is what its noise is learned from. */
function againstItself({ cores, ...rest }: Lineup): Lineup {
  const [base] = cores;
  if (base === undefined) throw new UsageError("no variant to time");
  return { cores: [base, { ...base, name: `${base.name} (again)`, role: "variant" }], ...rest };
}

function shortOf({ workload, verdict, ratio }: CampaignVerdict): string {
  return `${workload} ${verdict} ${ratio.toFixed(3)}`;
}

export function campaignText({ campaign, verdicts, durationsMs }: CampaignResult): string {
  const words: readonly VerdictWord[] = ["faster", "slower", "equal", "undecided"];
  const subjects = Map.groupBy(verdicts, ({ subject }) => subject);
  const lines = [...subjects].flatMap(([subject, ofSubject]) => [
    `${subject}: ${ofSubject.length} verdicts, ${countsText(ofSubject, words)}`,
    ...[...Map.groupBy(ofSubject, ({ workload }) => workload)].map(
      ([workload, group]) => `  ${workload}: ${countsText(group, words)}`,
    ),
  ]);
  const longestMs = Math.max(0, ...durationsMs);
  return `${[
    ...lines,
    ...(campaign.kind === "aa" ? [falseText(verdicts)] : []),
    `${durationsMs.length} runs, the longest ${(longestMs / 1_000).toFixed(1)} s`,
  ].join("\n")}\n`;
}

function countsText(verdicts: readonly CampaignVerdict[], words: readonly VerdictWord[]): string {
  return words
    .map((word) => `${verdicts.filter(({ verdict }) => verdict === word).length} ${word}`)
    .join(", ");
}

function falseText(verdicts: readonly CampaignVerdict[]): string {
  const wrong = verdicts.filter(({ verdict }) => verdict === "faster" || verdict === "slower");
  const percent = (100 * wrong.length) / Math.max(1, verdicts.length);
  return `false: ${wrong.length} of ${verdicts.length} (${percent.toFixed(1)} %)`;
}
