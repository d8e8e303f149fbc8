/** `npm run fuzz`: builds, fuzzes one suite after the other, keeps and tells what differs. */
import { appendFileSync, existsSync, mkdirSync, renameSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { nodeEngine } from "../../harness/engine/node-engine.ts";
import { programsPerBatch } from "../../harness/fuzz/batch.ts";
import type { Finding } from "../../harness/fuzz/finding.ts";
import { type FuzzResult, fuzz } from "../../harness/fuzz/fuzz.ts";
import type { FuzzTarget } from "../../harness/fuzz/target.ts";
import { buildNative } from "../../harness/native/build-native.ts";
import { keeping } from "../../harness/record/kept-file.ts";
import { defaultSeed } from "../../harness/run/plan.ts";
import { fuzzTargets } from "../../suites/fuzz-targets.ts";
import { BuildFailedError } from "../command/build-failed-error.ts";
import { reportError } from "../command/error-report.ts";
import type { Invocation } from "../command/invocation.ts";
import { keepCounts } from "../command/kept-counts.ts";
import { linesTo } from "../command/lines.ts";
import { machineCores, revisionOf } from "../command/machine.ts";
import { projectPaths } from "../command/paths.ts";
import { builtArtifacts, fileArtifact } from "../subject/run-context.ts";
import { fileSubject, subjectOf } from "../subject/select.ts";
import { type FuzzOptions, parseFuzzOptions } from "./options.ts";
import { FuzzProgress } from "./progress.ts";
import { resultText } from "./text.ts";

const exit = { fine: 0, differences: 5, interrupted: 130 } as const;

export async function fuzzCommand(invocation: Invocation): Promise<number> {
  const { stdout, signal } = invocation;
  try {
    const request = parseFuzzOptions(invocation.arguments, fuzzTargets);
    if (request.kind === "text") {
      stdout.write(request.text);
      return exit.fine;
    }
    const differences = await fuzzAll(request.options, invocation);
    if (signal.aborted) return exit.interrupted;
    return differences === 0 ? exit.fine : exit.differences;
  } catch (error) {
    return reportError(error, invocation, "npm run fuzz --");
  }
}

/** Fuzzes each target in turn and tells of it; how many programs differ. */
async function fuzzAll(options: FuzzOptions, invocation: Invocation): Promise<number> {
  const { root, stdout, stderr, signal } = invocation;
  const revision = await revisionOf(root, (line) => stderr.write(`${line}\n`));
  const seed = options.seed ?? seedOf(revision);
  stderr.write(
    `seed ${seed}${options.seed === undefined ? ` (of ${revision ?? "no commit"})` : ""}\n`,
  );
  const { sides, twinPath } = await built(options, invocation);
  let differences = 0;
  for (const target of options.targets) {
    if (signal.aborted) break;
    const asked = { target, options, seed, sides, twinPath };
    const { result, path, durationMs } = await fuzzTarget(asked, invocation);
    differences += result.findings.length;
    const failed = result.findings.length > 0 ? 1 : 0;
    keepCounts(root, `fuzz-${target.name}`, { passed: 1 - failed, failed, skipped: 0 });
    stdout.write(
      resultText({
        target,
        result,
        durationMs,
        sides: sides.map(({ name }) => name),
        runs: options.runs,
        seed,
        subjects: options.subjects,
        findingsPath: relative(root, path),
      }),
    );
  }
  if (signal.aborted) stderr.write("interrupted: what was found before is kept\n");
  return differences;
}

/** Each commit has a seed of its own, changed files or not. */
export function seedOf(revision: string | undefined): number {
  return revision === undefined ? defaultSeed : Number.parseInt(revision.slice(0, 7), 16);
}

interface Built {
  readonly sides: readonly { readonly name: string; readonly wasmPath: string }[];
  /** Empty where no target compares with it. */
  readonly twinPath: string;
}

async function built(options: FuzzOptions, invocation: Invocation): Promise<Built> {
  const { signal, stderr } = invocation;
  const progress = linesTo(stderr);
  const { artifactOf, tools } = await builtArtifacts({ invocation, force: false, progress });
  const file = options.wasm === undefined ? undefined : await fileArtifact(options.wasm);
  const subjects =
    options.wasm === undefined ? options.variants.map(subjectOf) : [fileSubject(options.wasm)];
  const sides = [];
  for (const subject of subjects) {
    const onStep = (step: string): void => progress(`${subject.id}: ${step}`);
    const artifact = await (file ?? artifactOf)(subject, { onStep, signal });
    if (!artifact.ok) {
      throw new BuildFailedError({ id: subject.id, message: artifact.message });
    }
    sides.push({ name: subject.id, wasmPath: artifact.artifact.wasmPath });
  }
  const { root } = invocation;
  const needsTwin = options.targets.some((target) => target.sides === undefined);
  const twinPath = needsTwin ? await buildNative("oracle", { root, tools, signal, progress }) : "";
  return { sides, twinPath };
}

async function fuzzTarget(
  asked: Built & {
    readonly target: FuzzTarget;
    readonly options: FuzzOptions;
    readonly seed: number;
  },
  invocation: Invocation,
): Promise<{
  readonly result: FuzzResult;
  readonly path: string;
  readonly durationMs: number;
}> {
  const { target, options, seed, sides, twinPath } = asked;
  const { root, nodePath, environment, signal, nowMs } = invocation;
  const startedMs = nowMs();
  const programs =
    options.batch === undefined
      ? Math.ceil(options.runs / target.casesPerProgram)
      : programsPerBatch;
  const kept = new FindingsFile(join(projectPaths(root).latest, "fuzz"), target.name);
  const progress = new FuzzProgress({ invocation, target, programs });
  const entry = new URL("../worker/fuzz-worker.ts", import.meta.url);
  const engine = nodeEngine({ execPath: nodePath, entry, environment });
  const targetsUrl = new URL("../../suites/fuzz-targets.ts", import.meta.url).href;
  const result = await fuzz({
    setUp: { targetsUrl, target: target.name, sides: [...sides], twinPath },
    seed,
    programs,
    firstBatch: options.batch ?? 0,
    jobs: options.jobs ?? machineCores(),
    signal,
    isOver: () => options.minutes !== undefined && nowMs() - startedMs > options.minutes * 60_000,
    startWorker: () => engine.start(),
    onFinding: (finding) => {
      kept.append(finding);
      progress.tell(finding);
    },
    onProgress: (done) => progress.show(done),
  });
  return { result, path: kept.path, durationMs: nowMs() - startedMs };
}

/** The findings of a run: begun with the first, when those of a run before are put aside. */
class FindingsFile {
  readonly path: string;
  #isOpen = false;

  constructor(folder: string, suite: string) {
    this.path = join(folder, `${suite}.jsonl`);
  }

  append(finding: Finding): void {
    keeping(this.path, () => {
      if (!this.#isOpen) this.#open();
      appendFileSync(this.path, `${JSON.stringify(finding)}\n`);
    });
  }

  #open(): void {
    mkdirSync(dirname(this.path), { recursive: true });
    if (existsSync(this.path)) {
      renameSync(this.path, this.path.replace(/\.jsonl$/, ".previous.jsonl"));
    }
    this.#isOpen = true;
  }
}
