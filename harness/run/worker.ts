/** What runs inside a worker: takes jobs, runs their cases, streams what came of each. */
import type { Core } from "../../runtime/core/core.ts";
import { loadCore } from "../../runtime/core/load.ts";
import type { CoreOptions } from "../../runtime/core/options.ts";
import type { Channel } from "../engine/serve.ts";
import type { Case, Subject } from "../suite/case.ts";
import {
  type Job,
  type JobSubject,
  jobSchema,
  type Reply,
  type ReportedOutcome,
} from "./protocol.ts";

/** Each engine's entry file makes one of what it has. */
export interface JobChannel extends Channel<Reply> {
  /** A file of the machine that runs the matrix. */
  readonly readFile: (path: string) => Promise<Uint8Array<ArrayBuffer>>;
  readonly now: () => number;
}

/** Serves jobs for as long as the channel lives. */
export function serveJobs(channel: JobChannel): void {
  channel.onMessage((message) => {
    runJob(jobSchema.parse(message), channel).catch((error: unknown) =>
      channel.send({ kind: "job-failed", message: describe(error) }),
    );
  });
}

async function runJob(job: Job, channel: JobChannel): Promise<void> {
  const cases = await importCases(job.suitesUrl);
  const subject = await readSubject(job.subject, channel);
  const compiled = compileOnce(subject.wasm);
  for (const id of job.cases) {
    const found = cases.get(id);
    if (found === undefined) throw new Error(`no case "${id}" in ${job.suitesUrl}`);
    await channel.send({ kind: "start", case: id });
    const outcome = await runCase({ found, subject, compiled, job, channel });
    // One turn of the loop more: a promise that was rejected and forgotten ends the process while
    // the case that made it is still the one that runs.
    await new Promise((resolve) => setTimeout(resolve, 0));
    await channel.send({ kind: "outcome", case: id, outcome });
  }
  await channel.send({ kind: "done" });
}

async function readSubject(
  { id, wasmPath, axes }: JobSubject,
  channel: JobChannel,
): Promise<Subject> {
  const wasm = await channel.readFile(wasmPath);
  return { id, wasm, ...(axes === undefined ? {} : { axes }) };
}

interface CaseRun {
  readonly found: Case;
  readonly subject: Subject;
  readonly compiled: () => Promise<WebAssembly.Module>;
  readonly job: Job;
  readonly channel: JobChannel;
}

async function runCase(caseRun: CaseRun): Promise<ReportedOutcome> {
  const { found, subject, compiled, job, channel } = caseRun;
  const { now } = channel;
  const applies = found.appliesTo?.(subject) ?? true;
  if (applies !== true) return { state: "skipped", reason: applies };
  const cores: Core[] = [];
  const load = async (options?: CoreOptions): Promise<Core> => {
    const core = await loadCore(await compiled(), options);
    cores.push(core);
    return core;
  };
  const startedMs = now();
  try {
    const luaFile = (path: string) => channel.readFile(`${job.luaPath}/${path}`);
    const partners = () => Promise.all(job.partners.map((each) => readSubject(each, channel)));
    const figures = await found.run({ subject, load, seed: job.seed, partners, luaFile });
    for (const core of cores) core.dispose();
    const durationMs = now() - startedMs;
    return { state: "pass", durationMs, ...(figures === undefined ? {} : { figures }) };
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) {
      return { state: "crash", message: `trap: ${error.message}\n${error.stack ?? ""}` };
    }
    return { state: "fail", message: describe(error), durationMs: now() - startedMs };
  }
}

/** One compilation serves all cases of a cell: most of a case's time would go into it. */
function compileOnce(wasm: Uint8Array<ArrayBuffer>): () => Promise<WebAssembly.Module> {
  let compiled: Promise<WebAssembly.Module> | undefined;
  return () => {
    compiled ??= WebAssembly.compile(wasm);
    return compiled;
  };
}

async function importCases(suitesUrl: string): Promise<ReadonlyMap<string, Case>> {
  const module: { readonly suites?: unknown } = await import(suitesUrl);
  if (!Array.isArray(module.suites)) throw new Error(`${suitesUrl} exports no list "suites"`);
  // The list is ours, and its shape is checked by the compiler where it is made (suites/index.ts).
  const suites = module.suites as readonly { readonly cases: readonly Case[] }[];
  return new Map(suites.flatMap(({ cases }) => cases.map((each) => [each.id, each] as const)));
}

/** A failed check says all in its message; anything else is unexpected, and its stack helps. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "CheckFailure") return error.message;
  const stack = error.stack ?? `${error.name}: ${error.message}`;
  return error.cause === undefined ? stack : `${stack}\ncause: ${describe(error.cause)}`;
}
