/** The shortest readable path to each object of a graph, and where what could not be saved lies. */
import { edgesOf, rootEdges, type Step } from "./edges.ts";
import type { GraphValue, ObjectId, SnapshotGraph } from "./graph.ts";
import { keyText, type Objects } from "./value-text.ts";

/** A path in the making. */
export interface Path {
  readonly text: string;
  /** Words that want parentheses before anything follows: `_G.f upvalue "n"`. */
  readonly isPhrase: boolean;
  readonly stepCount: number;
  /** The text up to the most steps that are spelled out. */
  readonly head: string;
}

/** What could not be saved, and where it lies. */
export interface RefusedValue {
  readonly path: string;
  readonly reason: string;
}

/** Longer paths, those of linked lists, are shortened in the middle. */
const spelledStepsMax = 40;

export function rootPath(name: string): Path {
  return { text: name, isPhrase: false, stepCount: 0, head: name };
}

export function extendPath(objects: Objects, path: Path, step: Step): Path {
  if (step.kind === "same") return path;
  const stepCount = path.stepCount + 1;
  const skipped = stepCount - spelledStepsMax;
  const before = skipped <= 1 ? path : { text: `${path.head}…(${skipped - 1} steps)…` };
  const isPhrase = step.kind === "upvalue" || step.kind === "slot";
  const text = stepText(objects, { ...before, isPhrase: path.isPhrase && skipped <= 1 }, step);
  return { text, isPhrase, stepCount, head: skipped > 0 ? path.head : text };
}

function stepText(
  objects: Objects,
  path: { readonly text: string; readonly isPhrase: boolean },
  step: Exclude<Step, { kind: "same" }>,
): string {
  const owner = path.isPhrase ? `(${path.text})` : path.text;
  switch (step.kind) {
    case "entry":
      return owner + keyText(objects, step.key);
    case "key":
      return `(key of ${path.text})`;
    case "metatable":
      return `(metatable of ${path.text})`;
    case "upvalue":
      return `${owner} upvalue ${step.name === undefined ? step.index : JSON.stringify(step.name)}`;
    case "slot": {
      const thread = step.isMainThread ? owner : `(coroutine ${path.text})`;
      return step.local === undefined
        ? `${thread} stack[${step.index}]`
        : `${thread} local ${JSON.stringify(step.local)}`;
    }
    case "part":
      return `(${step.name} of ${path.text})`;
  }
}

/** The paths of all objects that can be reached, the nearest first. */
export function pathsOf(graph: SnapshotGraph): ReadonlyMap<ObjectId, Path> {
  const { objects } = graph;
  const paths = new Map<ObjectId, Path>();
  const reach = (value: GraphValue, path: () => Path): void => {
    if (value.kind === "reference" && !paths.has(value.id)) paths.set(value.id, path());
  };
  for (const { name, value } of rootEdges(graph)) reach(value, () => rootPath(name));
  // A Map is walked in the order in which it is filled, also while it is: breadth first.
  for (const [id, path] of paths) {
    const object = objects[id];
    if (object === undefined) continue;
    for (const { step, value } of edgesOf(objects, object)) {
      reach(value, () => extendPath(objects, path, step));
    }
  }
  return paths;
}

/** Of an object that no path leads to. */
export function unreachablePath(id: ObjectId): Path {
  return rootPath(`(unreachable object ${id})`);
}

/** Everything in the graph that could not be saved, each once, the nearest to the roots first. */
export function refusalsOf(graph: SnapshotGraph): readonly RefusedValue[] {
  if (!graph.hasRefusals) return [];
  const { objects } = graph;
  const found: RefusedValue[] = [];
  for (const { name, value } of rootEdges(graph)) {
    if (value.kind === "refused") found.push({ path: name, reason: value.refusal });
  }
  const paths = new Map(pathsOf(graph));
  for (const id of objects.keys()) if (!paths.has(id)) paths.set(id, unreachablePath(id));
  for (const [id, path] of paths) {
    const object = objects[id];
    if (object === undefined) continue;
    if (object.kind === "refused") found.push({ path: path.text, reason: object.refusal });
    // The slot of an open variable belongs to the coroutine's stack, where it is found too.
    if (object.kind === "upvalue" && object.state === "open") continue;
    for (const { step, value } of edgesOf(objects, object)) {
      if (value.kind !== "refused") continue;
      found.push({ path: extendPath(objects, path, step).text, reason: value.refusal });
    }
  }
  return found;
}
