/** The baseline: what a chosen run measured, committed to compare later runs with. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type BaselineLedger, formatBaseline, parseBaseline } from "./baseline-lines.ts";
import { RecordError, readRecords } from "./journal.ts";
import { keepFile } from "./kept-file.ts";
import type {
  CostRecord,
  LedgerRecord,
  ResultRecord,
  RunRecord,
  SizeRecord,
  TimingRecord,
} from "./record.ts";

/** In the order of a file: what follows a run was measured by it. */
export type BaselineRecord = RunRecord | SizeRecord | CostRecord | TimingRecord | BaselineLedger;
type Measured = Exclude<BaselineRecord, RunRecord>;

/**
 * What a figure is compared by: its axes and its metric. Ids may change how they are written; a
 * wasm of unknown origin, or a peer, has no axes and goes by its name.
 */
export function baselineKey({
  axes,
  variant,
  metric,
}: Pick<SizeRecord, "axes" | "variant" | "metric">): string {
  const values = Object.entries(axes).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([values.length === 0 ? variant : values, metric]);
}

/** What of a run's records is a baseline's: runs, sizes, exact costs, times, and ledgers. */
export function baselineRecords(records: readonly ResultRecord[]): readonly BaselineRecord[] {
  return records.flatMap((record): readonly BaselineRecord[] => {
    switch (record.kind) {
      case "run":
      case "size":
      case "timing":
        return [record];
      case "cost": {
        const { functions: _, ...cost } = record;
        return [cost];
      }
      case "ledger":
        return [{ ...record, items: baselineItems(record) }];
      default:
        return [];
    }
  });
}

/**
 * Functions and the like one by one, data by its group: its pieces go by the texts in them, which
 * are many, change often, and are not ours to commit.
 */
function baselineItems({ items }: LedgerRecord): BaselineLedger["items"] {
  const named = items.map(([kind, name, group, bytes]) => {
    return { kind, name: kind === "data" ? group : name, group, bytes };
  });
  const same = Map.groupBy(named, ({ kind, name, group }) => JSON.stringify([kind, name, group]));
  return [...same.values()].flatMap((pieces) => {
    const bytes = pieces.reduce((sum, piece) => sum + piece.bytes, 0);
    return pieces.slice(0, 1).map(({ kind, name, group }) => [kind, name, group, bytes] as const);
  });
}

/**
 * The records of a baseline: a folder that `writeBaseline` wrote, or the records.jsonl of any run.
 * Nothing there is an empty baseline; damage throws RecordError.
 */
export function readBaseline(path: string): readonly BaselineRecord[] {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return [];
  if (!stats.isDirectory()) return baselineRecords(readRecords(path).records);
  const names = readdirSync(path).filter((name) => name.endsWith(".jsonl"));
  return names.toSorted().flatMap((name) => readBaselineFile(join(path, name)));
}

/**
 * Writes one file per variant that `records` measured, and one of the peers' times, beside which
 * those of variants are compared later. Files of other variants stay, and so does what this run did
 * not measure of a variant (its times, say), under the run that did. Returns the paths. Twins, and
 * a wasm of unknown origin (`--wasm`), are no part of a baseline.
 */
export function writeBaseline({
  directory,
  records,
}: {
  readonly directory: string;
  readonly records: readonly ResultRecord[];
}): readonly string[] {
  const run = records.findLast((record) => record.kind === "run");
  if (run === undefined)
    throw new RecordError(`${directory}: a baseline needs the record of its run`);
  const byVariant = Map.groupBy(measuredIn(records), fileOf);
  for (const variant of byVariant.keys()) {
    if (!isVariantId(variant)) {
      throw new RecordError(
        `${directory}: "${variant}" is no variant's id, and can't name a baseline file`,
      );
    }
  }
  return [...byVariant].map(([variant, ofVariant]) => {
    const path = join(directory, `${variant}.jsonl`);
    const measured = lastOfEach(ofVariant).toSorted((a, b) =>
      fileOrder(a) < fileOrder(b) ? -1 : 1,
    );
    const { planned: _, ...origin } = run;
    const stays = staying({ path, renewed: new Set(measured.map(({ kind }) => kind)) });
    keepFile(path, formatBaseline([...stays, origin, ...measured]));
    return path;
  });
}

const peersFile = "peers";

function fileOf(record: Measured): string {
  return record.kind === "timing" && record.role === "peer" ? peersFile : record.variant;
}

/** Only times come of peers; what a twin and another revision showed counts in its own run. */
function measuredIn(records: readonly ResultRecord[]): readonly Measured[] {
  return baselineRecords(records).filter((record): record is Measured => {
    if (record.kind === "run") return false;
    if (record.kind !== "timing") return Object.keys(record.axes).length > 0;
    return record.role === "base" || record.role === "variant" || record.role === "peer";
  });
}

function isVariantId(name: string): boolean {
  return /^[a-z0-9][a-z0-9-]*$/.test(name);
}

function lastOfEach(records: readonly Measured[]): readonly Measured[] {
  return [...new Map(records.map((record) => [fileOrder(record), record])).values()];
}

/** Sizes come first, for they are what reviewers look for; samples last, for nobody reads them. */
function fileOrder(record: Measured): string {
  switch (record.kind) {
    case "size":
      return JSON.stringify([1, record.metric]);
    case "cost":
      return JSON.stringify([2, record.engine, record.scale, record.workload]);
    case "ledger":
      return JSON.stringify([3]);
    case "timing":
      return JSON.stringify([4, record.variant, record.engine, record.workload]);
  }
}

function readBaselineFile(path: string): readonly BaselineRecord[] {
  return parseBaseline({ path, text: readFileSync(path, "utf8") });
}

/** The runs of a file with what they measured, without the kinds that are measured anew. */
function staying({
  path,
  renewed,
}: {
  readonly path: string;
  readonly renewed: ReadonlySet<string>;
}): readonly BaselineRecord[] {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return [];
  const kept = readBaselineFile(path).filter(({ kind }) => !renewed.has(kind));
  return kept.filter((record, index) => {
    const next = kept[index + 1];
    return record.kind !== "run" || (next !== undefined && next.kind !== "run");
  });
}
