/** The baseline: the size records of a chosen run, committed to compare later runs with. */
import { mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { RecordError, readRecords } from "./journal.ts";
import type { ResultRecord, RunRecord, SizeRecord } from "./record.ts";

export type BaselineRecord = RunRecord | SizeRecord;

/**
 * What a figure is compared by: its axes and its metric. Ids may change how they are written; a
 * wasm of unknown origin has no axes and goes by its name.
 */
export function baselineKey({
  axes,
  variant,
  metric,
}: Pick<SizeRecord, "axes" | "variant" | "metric">): string {
  const values = Object.entries(axes).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([values.length === 0 ? variant : values, metric]);
}

/**
 * The records of a baseline: a folder that `writeBaseline` wrote, or the records.jsonl of any run.
 * Nothing there is an empty baseline; damage throws RecordError.
 */
export function readBaseline(path: string): readonly BaselineRecord[] {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return [];
  const files = stats.isDirectory()
    ? readdirSync(path)
        .filter((name) => name.endsWith(".jsonl"))
        .toSorted()
        .map((name) => join(path, name))
    : [path];
  return files.flatMap((file) => readRecords(file).records.filter(isBaselineRecord));
}

/**
 * Writes one file per variant that `records` hold sizes of: its run, then its sizes by metric.
 * Files of other variants stay, so a filtered run renews only what it measured. Returns the paths.
 * A wasm of unknown origin (`--wasm`) is no part of a baseline.
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
  const sizes = records.filter(
    (record) => record.kind === "size" && Object.keys(record.axes).length > 0,
  );
  const byVariant = Map.groupBy(sizes.filter(isSizeRecord), (size) => size.variant);
  mkdirSync(directory, { recursive: true });
  return [...byVariant].map(([variant, ofVariant]) => {
    if (!/^[a-z0-9][a-z0-9-]*$/.test(variant)) {
      throw new RecordError(
        `${directory}: "${variant}" is no variant's id, and can't name a baseline file`,
      );
    }
    const path = join(directory, `${variant}.jsonl`);
    const lastOfMetric = new Map(ofVariant.map((size) => [size.metric, size]));
    const sorted = [...lastOfMetric.values()].toSorted((a, b) => (a.metric < b.metric ? -1 : 1));
    const { planned: _, ...origin } = run;
    const lines = [origin, ...sorted].map((record) => JSON.stringify(record));
    writeFileSync(path, `${lines.join("\n")}\n`);
    return path;
  });
}

function isSizeRecord(record: ResultRecord): record is SizeRecord {
  return record.kind === "size";
}

function isBaselineRecord(record: ResultRecord): record is BaselineRecord {
  return record.kind === "run" || record.kind === "size";
}
