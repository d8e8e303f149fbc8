/** Ledgers: whose bytes a wasm is made of, and what is not as large as in the baseline. */
import { type BaselineRecord, baselineKey, baselineRecords } from "../record/baseline.ts";
import type { BaselineLedger } from "../record/baseline-lines.ts";
import type { LedgerRecord, MeteringRecord } from "../record/record.ts";
import type { LedgerReport, Metering } from "./schema-figures.ts";

/** More than a person reads; records.jsonl has them all. */
const itemsShown = 40;
const changesShown = 60;

const keyOf = ({ axes, variant }: Pick<LedgerRecord, "axes" | "variant">): string =>
  baselineKey({ axes, variant, metric: "ledger" });

export function ledgerReports({
  ledgers,
  baseline,
}: {
  readonly ledgers: readonly LedgerRecord[];
  readonly baseline: readonly BaselineRecord[];
}): LedgerReport[] {
  const known = new Map(
    baseline.flatMap((record) =>
      record.kind === "ledger" ? [[keyOf(record), record] as const] : [],
    ),
  );
  return ledgers.map((ledger) => ledgerReport(ledger, known.get(keyOf(ledger))));
}

function ledgerReport(ledger: LedgerRecord, before: BaselineLedger | undefined): LedgerReport {
  const { variant, totalBytes, unaccountedBytes, groups, items } = ledger;
  const changes = before === undefined ? [] : changesOf(ledger, before);
  return {
    ...{ variant, totalBytes, unaccountedBytes, itemsCount: items.length },
    ...(before === undefined ? {} : { baselineBytes: before.totalBytes }),
    groups: groupsOf(groups, before?.groups),
    items: items
      .toSorted((a, b) => b[3] - a[3])
      .slice(0, itemsShown)
      .map(([kind, name, group, bytes, retainedBytes]) => ({
        ...{ kind, name, group, bytes, retainedBytes },
      })),
    changes: changes.slice(0, changesShown),
    changesCount: changes.length,
  };
}

function groupsOf(
  groups: LedgerRecord["groups"],
  before: BaselineLedger["groups"] | undefined,
): LedgerReport["groups"] {
  if (before === undefined) return groups.map(([group, bytes]) => ({ group, bytes }));
  const now = new Map(groups);
  const then = new Map(before);
  const names = [...new Set([...now.keys(), ...then.keys()])];
  return names
    .map((group) => {
      const bytes = now.get(group) ?? 0;
      const baselineBytes = then.get(group) ?? 0;
      return { group, bytes, baselineBytes, changeBytes: bytes - baselineBytes };
    })
    .toSorted((a, b) => b.bytes - a.bytes);
}

/** By kind and name: what moved to another group is the same item. Equal names are summed. */
function changesOf(ledger: LedgerRecord, before: BaselineLedger): LedgerReport["changes"] {
  const now = itemsByName(baselineRecords([ledger]).find((one) => one.kind === "ledger"));
  const then = itemsByName(before);
  const keys = [...new Set([...now.keys(), ...then.keys()])];
  return keys
    .flatMap((key): LedgerReport["changes"] => {
      const item = now.get(key) ?? then.get(key);
      const bytes = now.get(key)?.bytes ?? 0;
      const baselineBytes = then.get(key)?.bytes ?? 0;
      const changeBytes = bytes - baselineBytes;
      if (item === undefined || changeBytes === 0) return [];
      const { kind, name, group } = item;
      let state: LedgerReport["changes"][number]["state"] = changeBytes > 0 ? "grown" : "shrunk";
      if (!then.has(key)) state = "added";
      if (!now.has(key)) state = "removed";
      return [{ kind, name, group, state, bytes, baselineBytes, changeBytes }];
    })
    .toSorted((a, b) => Math.abs(b.changeBytes) - Math.abs(a.changeBytes));
}

interface NamedItem {
  readonly kind: string;
  readonly name: string;
  readonly group: string;
  readonly bytes: number;
}

function itemsByName(ledger: BaselineLedger | undefined): ReadonlyMap<string, NamedItem> {
  const found = new Map<string, NamedItem>();
  for (const [kind, name, group, size] of ledger?.items ?? []) {
    const key = JSON.stringify([kind, name]);
    const bytes = size + (found.get(key)?.bytes ?? 0);
    found.set(key, { kind, name, group, bytes });
  }
  return found;
}

export function meteringsOf(records: readonly MeteringRecord[]): Metering[] {
  return records.map(({ variant, bytes, meteredBytes, timeRatio }) => ({
    ...{ variant, bytes, meteredBytes },
    ...(timeRatio === undefined ? {} : { timeRatio }),
  }));
}
