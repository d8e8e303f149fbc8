/** The proof of a ledger: its items' bytes tile the file. */
import type { Span } from "./layout.ts";

/** Bytes of a file that no span has. Throws when two spans have one byte: the reader is wrong. */
export function unaccountedIn(sizeBytes: number, spans: readonly Span[]): number {
  let unaccountedBytes = 0;
  let reached = 0;
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    if (start < reached || end < start || end > sizeBytes) {
      throw new RangeError(`bytes ${start} to ${end} overlap others, which reach to ${reached}`);
    }
    unaccountedBytes += start - reached;
    reached = end;
  }
  return unaccountedBytes + sizeBytes - reached;
}
