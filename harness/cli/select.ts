/** Turns options into a plan: which variants, engines, suites and cases are meant. */
import type { Engine, Probe } from "../engine/engine.ts";
import { type EngineSettings, engineByName, engineNames } from "../engine/engines.ts";
import type { OutcomeRecord, ResultRecord } from "../record/record.ts";
import type { ProbedEngine } from "../run/context.ts";
import {
  type CasePlace,
  inShard,
  type Plan,
  type PlannedSubject,
  placeId,
  plan,
} from "../run/plan.ts";
import type { Suite } from "../suite/suite.ts";
import { allVariants, quickVariants, representativeVariants } from "../variant/list.ts";
import { axisNames, type Variant } from "../variant/variant.ts";
import { chooseByName, filterOf } from "./choose.ts";
import type { RunOptions } from "./command-line.ts";
import type { Invocation } from "./invocation.ts";
import { UsageError, unknownName } from "./usage.ts";

export interface Selection {
  readonly options: RunOptions;
  readonly suites: readonly Suite[];
  /** The last run's records; asked for with --failed alone. */
  readonly lastRecords?: readonly ResultRecord[];
}

/** The plan that the options ask for. Throws UsageError. */
export function selectPlan({ options, suites, lastRecords }: Selection): Plan {
  const subjects =
    options.wasm === undefined
      ? selectVariants(options).map(subjectOf)
      : [fileSubject(options.wasm)];
  const everywhere =
    options.tier !== "standard" || options.filter !== undefined || options.wasm !== undefined;
  const only = lastRecords === undefined ? undefined : failedIn(lastRecords);
  return plan({
    tier: options.tier,
    subjects,
    engines: options.engines,
    suites: options.stages.has("test") ? chooseByName("suite", suites, options.suites) : [],
    ...(everywhere
      ? {}
      : { representatives: new Set(representativeVariants().map(({ id }) => id)) }),
    ...(only === undefined ? {} : { only }),
  });
}

/** An empty shard is no mistake: there may be more machines than variants. */
function selectVariants(options: RunOptions): readonly Variant[] {
  const base = options.tier === "quick" ? quickVariants() : allVariants();
  const matches = filterOf(options.filter);
  const filtered = base.filter(matches);
  if (filtered.length === 0) {
    const among = options.tier === "quick" ? "of the quick set" : "of the matrix";
    const ids = base.map(({ id }) => id).join(", ");
    throw new UsageError(
      `no variant ${among} fits --filter '${options.filter ?? ""}'; there are: ${ids}`,
    );
  }
  const { shard } = options;
  if (shard === undefined) return filtered;
  const places = new Map(allVariants().map(({ id }, index) => [id, index]));
  return filtered.filter(({ id }) => inShard(places.get(id) ?? 0, shard));
}

export function subjectOf(variant: Variant): PlannedSubject {
  return {
    id: variant.id,
    axes: Object.fromEntries(axisNames.map((axis) => [axis, variant[axis]])),
  };
}

/** `--wasm` brings no variant: the file's name stands for it. */
export function fileSubject(file: string): PlannedSubject {
  return { id: file.split(/[\\/]/).at(-1) || file, axes: {}, file };
}

/** What did not come to a pass: failed cases, and the cases of variants whose build failed. */
function failedIn(records: readonly ResultRecord[]): (place: CasePlace) => boolean {
  const failedBuilds = new Set(
    records.flatMap((each) =>
      each.kind === "build" && each.state === "failed" ? [each.variant] : [],
    ),
  );
  const failedCases = new Set(
    records.flatMap((each) => (each.kind === "outcome" && isFailed(each) ? [placeOf(each)] : [])),
  );
  return (place) => failedBuilds.has(place.subject) || failedCases.has(placeId(place));
}

function isFailed({ state }: OutcomeRecord): boolean {
  return state === "fail" || state === "crash" || state === "timeout";
}

function placeOf({ variant, engine, case: caseId }: OutcomeRecord): string {
  return placeId({ subject: variant, engine, case: caseId });
}

/** The engines of those names, each with what its probe says. Throws UsageError. */
export async function selectEngines(
  names: readonly string[],
  invocation: Invocation,
): Promise<ReadonlyMap<string, ProbedEngine>> {
  const settings = engineSettings(invocation);
  const engines = names.map((given): Engine => {
    const engine = engineByName(given, settings);
    if (engine === undefined) throw unknownName({ what: "engine", given, known: engineNames });
    return engine;
  });
  const probed = engines.map(async (engine): Promise<readonly [string, ProbedEngine]> => {
    const probe: Probe = await engine.probe();
    return [engine.name, { engine, probe }];
  });
  return new Map(await Promise.all(probed));
}

function engineSettings({ nodePath, environment }: Invocation): EngineSettings {
  return { nodePath, nodeEntry: new URL("./node-worker.ts", import.meta.url), environment };
}
