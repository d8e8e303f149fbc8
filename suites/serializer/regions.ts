/** Which bytes of a body are bytecode or a coroutine's frames: what only a trusted one may hold. */

import { isTrue } from "../../harness/suite/check.ts";
import { BodyWriter } from "../../runtime/graph/body-writer.ts";
import { decodeBody } from "../../runtime/graph/decode-body.ts";
import { encodeBody } from "../../runtime/graph/encode-body.ts";
import { writeContent } from "../../runtime/graph/encode-objects.ts";

/** From `from` up to, not including, `to`. */
export interface Region {
  readonly from: number;
  readonly to: number;
}

/** Bytes before the names: docs/FORMATS.md, "Body". */
const prologueBytes = 32;

/** The contents of prototypes and of coroutines, in order. */
export function trustedRegions(body: Uint8Array): readonly Region[] {
  const decoded = decodeBody(body);
  isTrue(decoded.ok, "the body decodes");
  const { graph } = decoded;
  const lengths = graph.objects.map((object) => {
    const writer = new BodyWriter(graph.names);
    writeContent(writer, object);
    return writer.bytes.finish().length;
  });
  const names = graph.names.reduce((sum, name) => sum + 1 + name.length, 0);
  const rootsAndEnd = encodeBody({ ...graph, objects: [] }).length - prologueBytes - names;
  let from = body.length - rootsAndEnd - lengths.reduce((sum, length) => sum + length, 0);
  const regions: Region[] = [];
  for (const [id, length] of lengths.entries()) {
    const kind = graph.objects[id]?.kind;
    if (kind === "prototype" || kind === "coroutine") regions.push({ from, to: from + length });
    from += length;
  }
  return regions;
}

export function isInside(regions: readonly Region[], at: number): boolean {
  return regions.some(({ from, to }) => at >= from && at < to);
}
