/** Of a state that can't be restored: which objects are not made anew by their functions. */

import { decodeBody } from "../graph/decode-body.ts";
import { encodeBody } from "../graph/encode-body.ts";
import type { GraphObject, ObjectId } from "../graph/graph.ts";
import { pathsOf, unreachablePath } from "../graph/paths.ts";
import type { Refused } from "../instance/result.ts";
import { readContainer, writeContainer } from "./container.ts";
import type { Refusals } from "./refusals.ts";

/** Each is a state that is restored, of up to 2 MiB by default. */
const trialsMax = 40;

/**
 * Those that so many trials find: halves of them are tried, and halves of what fails, while all
 * others are empty tables. `unrestorable`: why a snapshot can't be restored, if it can't. None may
 * be found, where they fail of each other alone, or where it is not they that fail.
 */
export function failingMakers(
  snapshot: Uint8Array,
  unrestorable: (snapshot: Uint8Array) => string | undefined,
): Refusals {
  const read = readContainer(snapshot);
  const decoded = read.ok ? decodeBody(read.container.body) : read;
  if (!read.ok || !decoded.ok) return { refused: [], count: 0 };
  const { graph } = decoded;
  const paths = pathsOf(graph);
  const refused: Refused[] = [];
  const failureWith = (ids: readonly ObjectId[]): string | undefined => {
    const tried = new Set(ids);
    const objects = graph.objects.map((object, id) =>
      tried.has(id) ? object : withoutMaker(object),
    );
    const body = encodeBody({ ...graph, objects });
    return unrestorable(writeContainer({ ...read.container, body }));
  };
  if (failureWith([]) !== undefined) return { refused: [], count: 0 };
  let trials = 0;
  const search = (ids: readonly ObjectId[]): void => {
    if (ids.length === 0 || trials === trialsMax) return;
    trials += 1;
    const why = failureWith(ids);
    const [first] = ids;
    if (why === undefined || first === undefined) return;
    if (ids.length === 1) {
      refused.push({ path: pathOf(paths, first), reason: `its maker failed: ${why}` });
      return;
    }
    const half = ids.length >> 1;
    search(ids.slice(0, half));
    search(ids.slice(half));
  };
  search([...graph.objects.keys()].filter((id) => graph.objects[id]?.kind === "rebuilt"));
  return { refused, count: refused.length };
}

function pathOf(paths: ReturnType<typeof pathsOf>, id: ObjectId): string {
  return (paths.get(id) ?? unreachablePath(id)).text;
}

function withoutMaker(object: GraphObject): GraphObject {
  if (object.kind !== "rebuilt") return object;
  const table = { kind: "table", metatable: undefined, array: [], hash: undefined } as const;
  return { ...table, salt: object.salt, hasFinalizer: false, arrayLimit: 0 };
}
