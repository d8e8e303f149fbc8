/** The lines of a baseline file: one fact each, so that a diff of two can be read. */
import { z } from "zod";
import { asToday } from "./earlier-records.ts";
import { RecordError } from "./journal.ts";
import {
  type CostRecord,
  costRecordSchema,
  ledgerRecordSchema,
  type RunRecord,
  recordSchemaVersion,
  runRecordSchema,
  type SizeRecord,
  sizeRecordSchema,
  type TimingRecord,
  timingRecordSchema,
} from "./record.ts";

/** A ledger as a baseline keeps it: retained sizes are left out, for they follow from the rest. */
export interface BaselineLedger {
  readonly kind: "ledger";
  readonly variant: string;
  readonly axes: Record<string, string>;
  readonly totalBytes: number;
  readonly unaccountedBytes: number;
  /** [group, bytes]. */
  readonly groups: (readonly [string, number])[];
  /** [kind, name, group, bytes]. */
  readonly items: (readonly [string, string, string, number])[];
}

type Line = RunRecord | SizeRecord | CostRecord | TimingRecord | BaselineLedger;

/** Rows follow their head, which says once what all of them share. */
const ledgerHeadSchema = ledgerRecordSchema.omit({ groups: true, items: true });
const costHeadSchema = costRecordSchema
  .pick({ kind: true, variant: true, axes: true, engine: true, engineVersion: true })
  .strict();
type LedgerHead = z.infer<typeof ledgerHeadSchema>;
type CostHead = z.infer<typeof costHeadSchema>;

const headSchema = z.union([
  runRecordSchema,
  sizeRecordSchema,
  timingRecordSchema,
  ledgerHeadSchema,
  costHeadSchema,
]);

const count = z.int().nonnegative();
/** A group, and the items in it below: [group, bytes], [kind, name, bytes]. */
const groupRowSchema = z.tuple([z.string(), count]);
const itemRowSchema = z.tuple([z.string(), z.string(), count]);
/** [workload, scale, instructions, bulk bytes, host calls, to host, from host, heap peak]. */
const costRowSchema = z.tuple([
  ...([z.string(), z.enum(["smoke", "full"])] as const),
  ...([count, count, count, count, count, count] as const),
]);

export function formatBaseline(records: readonly Line[]): string {
  let costHead = "";
  const lines = records.flatMap((record): readonly unknown[] => {
    if (record.kind === "ledger") return ledgerLines(record);
    if (record.kind !== "cost") {
      if (record.kind === "run") costHead = "";
      return [record];
    }
    const { variant, axes, engine, engineVersion } = record;
    const head: CostHead = { kind: "cost", variant, axes, engine, engineVersion };
    const known = costHead === JSON.stringify(head);
    costHead = JSON.stringify(head);
    return known ? [costRow(record)] : [head, costRow(record)];
  });
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}

function costRow(cost: CostRecord): z.infer<typeof costRowSchema> {
  return [
    ...([cost.workload, cost.scale, cost.instructions, cost.bulkBytes] as const),
    ...([cost.hostCalls, cost.bytesToHost, cost.bytesFromHost, cost.heapPeakBytes] as const),
  ];
}

/** By name, not by size: a function that grew stays where it was. */
function ledgerLines({ groups, items, ...head }: BaselineLedger): readonly unknown[] {
  const inGroup = Map.groupBy(items, ([, , group]) => group);
  return [
    head,
    ...groups.toSorted(byText).flatMap(([group, bytes]) => {
      const rows = (inGroup.get(group) ?? []).map(([kind, name, , size]) => [kind, name, size]);
      return [[group, bytes], ...rows.toSorted(byText)];
    }),
  ];
}

function byText(a: readonly unknown[], b: readonly unknown[]): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}

/** Reads a file back. Throws RecordError with the place of what is damaged. */
export function parseBaseline({
  path,
  text,
}: {
  readonly path: string;
  readonly text: string;
}): readonly Line[] {
  const reader = new LineReader();
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  for (const [index, line] of lines.entries()) {
    const problem = reader.read(line);
    if (problem !== undefined) throw new RecordError(`${path}:${index + 1}: ${problem}`);
  }
  return reader.records;
}

class LineReader {
  readonly records: Line[] = [];
  #ledger: BaselineLedger | undefined;
  #group: string | undefined;
  #cost: CostHead | undefined;

  /** What is wrong with the line; undefined where nothing is. */
  read(line: string): string | undefined {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      return "the line is damaged";
    }
    return Array.isArray(value) ? this.#row(value) : this.#head(value);
  }

  #head(value: unknown): string | undefined {
    const version = z.object({ kind: z.literal("run"), schema: z.unknown() }).safeParse(value);
    if (version.success && version.data.schema !== recordSchemaVersion) {
      return (
        `a baseline of schema version ${version.data.schema}; this harness reads version ` +
        `${recordSchemaVersion}. Make a new one: npm run matrix -- --update-baseline`
      );
    }
    const checked = headSchema.safeParse(asToday(value));
    if (!checked.success) return `the line is no part of a baseline: ${checked.error.message}`;
    this.#ledger = undefined;
    this.#cost = undefined;
    this.#group = undefined;
    const { data: head } = checked;
    if (head.kind === "cost") this.#cost = head;
    else if (head.kind === "ledger") this.#startLedger(head);
    else this.records.push(head);
    return undefined;
  }

  #startLedger(head: LedgerHead): void {
    this.#ledger = { ...head, groups: [], items: [] };
    this.records.push(this.#ledger);
  }

  #row(value: unknown): string | undefined {
    const cost = costRowSchema.safeParse(value);
    if (this.#cost !== undefined && cost.success) {
      const [workload, scale, instructions, bulkBytes, hostCalls, ...rest] = cost.data;
      const [bytesToHost, bytesFromHost, heapPeakBytes] = rest;
      this.records.push({
        ...{ ...this.#cost, workload, scale, instructions, bulkBytes, hostCalls },
        ...{ bytesToHost, bytesFromHost, heapPeakBytes },
      });
      return undefined;
    }
    const group = groupRowSchema.safeParse(value);
    if (this.#ledger !== undefined && group.success) {
      this.#ledger.groups.push(group.data);
      this.#group = group.data[0];
      return undefined;
    }
    const item = itemRowSchema.safeParse(value);
    if (this.#ledger === undefined || this.#group === undefined || !item.success) {
      return "the row fits nothing that stands above it";
    }
    const [kind, name, bytes] = item.data;
    this.#ledger.items.push([kind, name, this.#group, bytes]);
    return undefined;
  }
}
