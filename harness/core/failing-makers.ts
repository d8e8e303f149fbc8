/** Of a state that can't be restored: which objects are not made anew by their functions. */
import { readContainer, writeContainer } from "./snapshot/container.ts";
import { decodeBody } from "./snapshot/decode-body.ts";
import { encodeBody } from "./snapshot/encode-body.ts";
import type { GraphObject, ObjectId } from "./snapshot/graph.ts";
import { pathsOf, type Refusals, refusedMax, unreachablePath } from "./snapshot/paths.ts";

/**
 * Tries them one by one, the first hundred: all others are empty tables then. `unrestorable`: why a
 * snapshot can't be restored, if it can't. None may be found, where they fail of each other alone.
 */
export function failingMakers(
  snapshot: Uint8Array,
  unrestorable: (snapshot: Uint8Array) => string | undefined,
): Refusals {
  const read = readContainer(snapshot);
  const decoded = read.ok ? decodeBody(read.container.body) : read;
  if (!read.ok || !decoded.ok) return { refused: [], count: 0 };
  const { graph } = decoded;
  const ids = [...graph.objects.keys()].filter((id) => graph.objects[id]?.kind === "rebuilt");
  const paths = pathsOf(graph);
  const refused = ids.slice(0, refusedMax).flatMap((id) => {
    const objects = graph.objects.map((object, each) =>
      each === id ? object : withoutMaker(object),
    );
    const body = encodeBody({ ...graph, objects });
    const why = unrestorable(writeContainer({ ...read.container, body }));
    return why === undefined
      ? []
      : [{ path: pathOf(paths, id), reason: `its maker failed: ${why}` }];
  });
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
