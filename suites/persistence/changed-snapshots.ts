/** Snapshots with another graph, right in all else; and what must hold where they are refused. */

import { equal, fails, isTrue } from "../../harness/suite/check.ts";
import type { Core } from "../../runtime/core/core.ts";
import type { CoreOptions } from "../../runtime/core/options.ts";
import { decodeBody } from "../../runtime/graph/decode-body.ts";
import { encodeBody } from "../../runtime/graph/encode-body.ts";
import type { GraphObject, SnapshotGraph } from "../../runtime/graph/graph.ts";
import { readContainer, writeContainer } from "../../runtime/snapshot/container.ts";
import { untouched } from "./refusals.ts";
import { type Load, saved } from "./saved-program.ts";

/** Restored without trust: the failure, and the core as it was. */
export async function isRefused(
  { load, options }: { readonly load: Load; readonly options?: CoreOptions | undefined },
  snapshot: Uint8Array,
  prepare: (core: Core) => void = () => undefined,
): Promise<string> {
  const other = await load({ seed: 2, ...options });
  prepare(other);
  const { core, check } = await untouched(other);
  const before = standing(core);
  const failure = fails(core.restore(snapshot), "BAD_SNAPSHOT", "restored without trust");
  const after = standing(core);
  // To ask which id is next is to make a table.
  equal(after, { ...before, nextId: before.nextId + 1 }, "what the core holds");
  check();
  return String(failure.error);
}

/** What a refused snapshot must not change. */
function standing(core: Core) {
  const { id: nextId } = core.tables.create();
  core.runGc();
  return { snapshot: bodyOf(saved(core)), usage: core.tables.used, nextId };
}

/** Without the host section, which has the id of the next table. */
function bodyOf(snapshot: Uint8Array): Uint8Array {
  const read = readContainer(snapshot);
  isTrue(read.ok, "the container reads");
  return read.container.body;
}

/** The snapshot with another graph, and with right counts and checksums. */
export function withGraph(snapshot: Uint8Array, change: (graph: SnapshotGraph) => SnapshotGraph) {
  const read = readContainer(snapshot);
  isTrue(read.ok, "the container reads");
  const decoded = decodeBody(read.container.body);
  isTrue(decoded.ok, "the body reads");
  return writeContainer({ ...read.container, body: encodeBody(change(decoded.graph)) });
}

export type Change = (object: GraphObject, graph: SnapshotGraph) => GraphObject;

/** The same graph with each object put through `change`. */
export function changed(graph: SnapshotGraph, change: Change): SnapshotGraph {
  return { ...graph, objects: graph.objects.map((object) => change(object, graph)) };
}

/** Whether an object is a table with an entry of that name. */
export function isTableWith(
  { objects }: SnapshotGraph,
  object: SnapshotGraph["objects"][number],
  key: string,
): boolean {
  if (object.kind !== "table") return false;
  return (object.hash?.nodes ?? []).some((node) => {
    const id = node.kind === "entry" && node.key.kind === "reference" ? node.key.id : -1;
    const text = objects[id];
    return text?.kind === "string" && text.bytes.toString() === key;
  });
}
