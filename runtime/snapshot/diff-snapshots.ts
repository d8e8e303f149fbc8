/** What differs between two snapshots, by path. */

import { decodeBody } from "../graph/decode-body.ts";
import { type Difference, diffGraphs } from "../graph/diff.ts";
import type { SnapshotGraph } from "../graph/graph.ts";
import { sourceBytes } from "../instance/input.ts";
import { SnapshotError } from "./authentic.ts";
import { readContainer } from "./container.ts";

/** Throws SnapshotError for bytes that are no snapshot, UsageError for what are no bytes. */
export function diffSnapshots(a: Uint8Array, b: Uint8Array): readonly Difference[] {
  return diffGraphs(graphOf(a, "the first snapshot"), graphOf(b, "the second snapshot"));
}

function graphOf(snapshot: Uint8Array, what: string): SnapshotGraph {
  const read = readContainer(sourceBytes(snapshot, what));
  if (!read.ok) throw new SnapshotError(`${what}: ${read.reason}`);
  if (read.container.kind !== "snapshot") throw new SnapshotError(`${what} is an image`);
  const decoded = decodeBody(read.container.body);
  if (!decoded.ok) throw new SnapshotError(`${what}: ${decoded.reason}`);
  return decoded.graph;
}
