/** A number for each text in two graphs, so that a long one is read once and compared by it. */
import { latin1Of } from "../bytes/latin1.ts";
import type { ObjectId, SnapshotGraph } from "./graph.ts";

/** By object, for strings and named tables: equal for equal texts, ascending as their bytes. */
export type TextRanks = ReadonlyMap<ObjectId, number>;

export interface RankedGraph extends SnapshotGraph {
  readonly textRanks: TextRanks;
}

/** Sorted rather than kept in a Map, which would hash long texts by their lengths alone. */
export function rankTexts(
  before: SnapshotGraph,
  after: SnapshotGraph,
): readonly [before: RankedGraph, after: RankedGraph] {
  const ranks = [new Map<ObjectId, number>(), new Map<ObjectId, number>()] as const;
  const texts = [before, after]
    .flatMap(({ objects }, side) =>
      objects.map((object, id) => {
        if (object.kind === "string") return { id, side, text: latin1Of(object.bytes.toBytes()) };
        if (object.kind !== "namedTable") return undefined;
        return { id, side, text: latin1Of(object.name.toBytes()) };
      }),
    )
    .filter((each) => each !== undefined)
    .sort((one, other) => {
      if (one.text === other.text) return 0;
      return one.text < other.text ? -1 : 1;
    });
  let rank = 0;
  let last: string | undefined;
  for (const { id, side, text } of texts) {
    if (text !== last) rank += 1;
    last = text;
    ranks[side === 0 ? 0 : 1].set(id, rank);
  }
  return [
    { ...before, textRanks: ranks[0] },
    { ...after, textRanks: ranks[1] },
  ];
}
