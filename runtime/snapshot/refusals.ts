/** What of a state can't be saved or is not taken, by its path. */
import { cut, shown } from "../check/shown.ts";
import { edgesOf, rootEdges } from "../graph/edges.ts";
import type { Refusal, SnapshotGraph } from "../graph/graph.ts";
import { extendPath, type Path, pathsOf, rootPath, unreachablePath } from "../graph/paths.ts";
import type { Refused } from "../instance/result.ts";
import type { LuaBytes } from "../scalar/scalars.ts";
import { LuaTable, type LuaValue } from "../value/values.ts";

/** So many refused things are told by path; all are counted. */
export const refusedMax = 100;
/** Of an error. */
const errorCharsMax = 300;
/** So many of them a message has. */
export const messagePathsMax = 3;

/** What is refused in a graph: the nearest to the roots first, and no more than `refusedMax`. */
export interface Refusals {
  readonly refused: readonly Refused[];
  /** Of all in the graph, each once. */
  readonly count: number;
}

/** For a message: the first few, and how many more there are. */
export function refusalsText({ refused, count }: Refusals): string {
  const shown = refused.slice(0, messagePathsMax).map(({ path, reason }) => `${path} (${reason})`);
  const rest = count - shown.length;
  return `${shown.join(", ")}${rest > 0 ? `, and ${rest} more` : ""}`;
}

/** The text of an error; of a table its field `message`, where that is a text. */
function errorText(error: LuaValue): string {
  const message = error instanceof LuaTable ? error.get("message") : error;
  if (typeof message === "string") return cut(message, errorCharsMax);
  return error instanceof LuaTable ? "an error object" : shown(error);
}

/** What could not be saved, in a graph that marks it. `readError`: from an error's encoding. */
export function refusalsOf(
  graph: SnapshotGraph,
  readError: (encoded: LuaBytes) => LuaValue = () => undefined,
): Refusals {
  const refused: Refused[] = [];
  let count = 0;
  const find = (refusal: Refusal, path: () => Path, encoded?: LuaBytes): void => {
    count += 1;
    if (count > refusedMax) return;
    const error = encoded === undefined ? undefined : readError(encoded);
    const reason = error === undefined ? refusal : `${refusal}: ${errorText(error)}`;
    refused.push({ path: path().text, reason, ...(error === undefined ? {} : { error }) });
  };
  if (!graph.hasRefusals) return { refused, count };
  const { objects } = graph;
  for (const { name, value } of rootEdges(graph)) {
    if (value.kind === "refused") find(value.refusal, () => rootPath(name));
  }
  const paths = new Map(pathsOf(graph));
  for (const id of objects.keys()) if (!paths.has(id)) paths.set(id, unreachablePath(id));
  for (const [id, path] of paths) {
    const object = objects[id];
    if (object === undefined) continue;
    if (object.kind === "refused") find(object.refusal, () => path, object.error);
    // The slot of an open variable belongs to the coroutine's stack, where it is found too.
    if (object.kind === "upvalue" && object.state === "open") continue;
    for (const { step, value } of edgesOf(objects, object)) {
      if (value.kind === "refused") find(value.refusal, () => extendPath(objects, path, step));
    }
  }
  return { refused, count };
}
