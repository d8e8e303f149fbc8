/** A ledger as a record of a run. */
import type { LedgerRecord } from "../record/record.ts";
import type { Ledger } from "./ledger.ts";

export function ledgerRecord(
  { totalBytes, unaccountedBytes, groups, items }: Omit<Ledger, "why">,
  place: { readonly variant: string; readonly axes: Readonly<Record<string, string>> },
): LedgerRecord {
  return {
    kind: "ledger",
    variant: place.variant,
    axes: { ...place.axes },
    totalBytes,
    unaccountedBytes,
    groups: groups.map(([group, bytes]) => [group, bytes]),
    items: items.map(({ kind, name, group, shallowBytes, retainedBytes }) => [
      kind,
      name,
      group,
      shallowBytes,
      retainedBytes,
    ]),
  };
}
