/** Turns the options of the matrix into its plan: which variants, engines, suites and cases. */
import type { OutcomeRecord, ResultRecord } from "../../harness/record/record.ts";
import { type CasePlace, inShard, type Plan, placeId, plan } from "../../harness/run/plan.ts";
import type { Suite } from "../../harness/suite/suite.ts";
import { allVariants, quickVariants, representativeVariants } from "../../harness/variant/list.ts";
import { axes, type Variant } from "../../harness/variant/variant.ts";
import { chooseByName, filterOf } from "../command/choose.ts";
import { UsageError } from "../command/usage.ts";
import { fileSubject, subjectOf } from "../subject/select.ts";
import type { RunOptions } from "./command-line.ts";

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
  // In the list that never changes, those that share a compilation stand side by side.
  const places = new Map(allVariants().map(({ id }, index) => [id, index]));
  const compilationOf = (id: string) => Math.floor((places.get(id) ?? 0) / axes.post.length);
  return filtered.filter(({ id }) => inShard(compilationOf(id), shard));
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
