/** `npm run bench`: builds variants, times workloads, keeps the samples, prints the verdicts. */
import { existsSync, renameSync } from "node:fs";
import { join, resolve } from "node:path";
import { workloads } from "../../benchmarks/index.ts";
import type { PeerFacts } from "../../harness/bench/peers/peers.ts";
import type { Tools } from "../../harness/build/provision/provision.ts";
import { openJournal } from "../../harness/record/journal.ts";
import { reportError } from "../command/error-report.ts";
import type { Invocation } from "../command/invocation.ts";
import { projectPaths } from "../command/paths.ts";
import { peerFacts } from "../subject/peer-facts.ts";
import { type CampaignResult, campaignText, runCampaign } from "./campaign.ts";
import { coreLineup } from "./lineup.ts";
import { type BenchOptions, parseBenchOptions } from "./options.ts";
import { type BenchRun, recordedRun } from "./run.ts";
import { benchJson, benchTable } from "./table.ts";

const exit = { fine: 0, error: 1, interrupted: 130 } as const;

export async function bench(invocation: Invocation): Promise<number> {
  const { stdout, signal } = invocation;
  try {
    const request = parseBenchOptions(invocation.arguments, workloads);
    if (request.kind === "text") {
      stdout.write(request.text);
      return exit.fine;
    }
    const { text, wrong } = await measured(request.options, invocation);
    stdout.write(text);
    if (signal.aborted) return exit.interrupted;
    return wrong.length === 0 ? exit.fine : exit.error;
  } catch (error) {
    return reportError(error, invocation, "npm run bench --");
  }
}

/** What is to be printed, and what was wrong. */
interface Measured {
  readonly text: string;
  readonly wrong: readonly string[];
}

/** Builds, times and records. */
async function measured(options: BenchOptions, invocation: Invocation): Promise<Measured> {
  const { root, stderr } = invocation;
  const { campaign, peers, json } = options;
  const begunMs = invocation.nowMs();
  const { cores, tools } = await coreLineup(options, invocation);
  const facts = peers.length === 0 ? {} : await peerFacts(invocation, tools);
  const lineup = { cores, peers: [...peers], facts };
  const name = campaign === undefined ? "bench.jsonl" : "campaign.jsonl";
  const path = resolve(root, options.records ?? join(projectPaths(root).latest, name));
  if (existsSync(path)) renameSync(path, path.replace(/\.jsonl$/, ".previous.jsonl"));
  using journal = openJournal(path);
  const run: BenchRun = {
    ...{ options, lineup, invocation },
    versions: versionsOf(tools, facts),
    onRecord: (record) => journal.append(record),
  };
  const found =
    campaign === undefined
      ? await shownRun(run)
      : { text: campaignShown(await runCampaign({ ...run, campaign }), { json }), wrong: [] };
  const durationMs = invocation.nowMs() - begunMs;
  stderr.write(`${(durationMs / 1_000).toFixed(1)} s; raw samples: ${path}\n`);
  return found;
}

async function shownRun(run: BenchRun): Promise<Measured> {
  const result = await recordedRun(run);
  const text = run.options.json ? benchJson(result) : benchTable(result);
  return { text, wrong: result.wrong };
}

function campaignShown(result: CampaignResult, { json }: { readonly json: boolean }): string {
  return json ? `${JSON.stringify(result, undefined, 2)}\n` : campaignText(result);
}

function versionsOf(
  { zigVersion, luaVersion }: Tools,
  { wasmoon, fengari }: PeerFacts,
): Readonly<Record<string, string>> {
  return {
    ...{ zig: zigVersion, lua: luaVersion },
    ...(wasmoon === undefined ? {} : { wasmoon }),
    ...(fengari === undefined ? {} : { fengari }),
  };
}
