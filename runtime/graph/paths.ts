/** The shortest readable path to each object of a graph. */
import { edgesOf, localNameAt, rootEdges, type Step } from "./edges.ts";
import type { GraphValue, ObjectId, SnapshotGraph } from "./graph.ts";
import { keyText, type Objects, shortTextAt } from "./value-text.ts";

/** A step that is written. */
type SpelledStep = Exclude<Step, { kind: "same" }>;

interface Text {
  readonly text: string;
  /** Words that want parentheses before anything follows: `_G.f upvalue "n"`. */
  readonly isPhrase: boolean;
}

interface Head extends Text {
  /** How many steps it has. */
  readonly spelled: number;
}

interface Last {
  readonly step: SpelledStep;
  /** What the step's ids mean. */
  readonly objects: Objects;
}

/** Longer paths, those of linked lists, are shortened in the middle. */
const spelledStepsMax = 40;
/** No step is written behind the first steps that reach this length, but for the last one. */
const headCharsMax = 600;

/** A way into a graph, a step longer than another one. It becomes a text when that is asked for. */
export class Path {
  readonly stepCount: number;
  readonly #from: Path | undefined;
  readonly #objects: Objects;
  readonly #step: SpelledStep | undefined;
  /** Its beginning, of as many steps as are spelled out at most. */
  readonly #head: Path;
  /** Of a root its name; else made once. */
  #text: string | undefined;
  #writtenHead: Head | undefined;

  private constructor(parts: {
    readonly name?: string;
    readonly from?: Path;
    readonly objects?: Objects;
    readonly step?: SpelledStep;
  }) {
    const { name, from, objects = [], step } = parts;
    this.#text = name;
    this.#from = from;
    this.#objects = objects;
    this.#step = step;
    this.stepCount = from === undefined ? 0 : from.stepCount + 1;
    this.#head = from !== undefined && this.stepCount > spelledStepsMax ? from.#head : this;
  }

  static root(name: string): Path {
    return new Path({ name });
  }

  to(objects: Objects, step: SpelledStep): Path {
    return new Path({ from: this, objects, step });
  }

  get text(): string {
    this.#text ??= this.#written();
    return this.#text;
  }

  /** Whether both lead over the same objects: two long keys may be written alike. */
  equals(other: Path | undefined): boolean {
    if (other === this) return true;
    if (other === undefined || other.#from !== this.#from) return false;
    if (this.#step === undefined || other.#step === undefined) return this.text === other.text;
    return other.#objects === this.#objects && stepsEqual(this.#step, other.#step);
  }

  #written(): string {
    const { text, isPhrase, spelled } = this.#head.#asHead();
    const skipped = this.stepCount - spelled - 1;
    if (skipped < 0) return text;
    const before =
      skipped === 0 ? { text, isPhrase } : { text: `${text}…(${skipped} steps)…`, isPhrase: false };
    return stepText(before, this.#last()).text;
  }

  /** As the beginning of longer paths, which often have the same: as many steps as fit. */
  #asHead(): Head {
    if (this.#writtenHead !== undefined) return this.#writtenHead;
    const steps: Last[] = [];
    let at: Path = this;
    for (; at.#from !== undefined; at = at.#from) steps.push(at.#last());
    let head: Head = { text: at.text, isPhrase: false, spelled: 0 };
    for (const step of steps.reverse()) {
      const next = stepText(head, step);
      if (next.text.length > headCharsMax) break;
      head = { ...next, spelled: head.spelled + 1 };
    }
    this.#writtenHead = head;
    return head;
  }

  #last(): Last {
    if (this.#step === undefined) throw new TypeError("a root has no step");
    return { step: this.#step, objects: this.#objects };
  }
}

export function rootPath(name: string): Path {
  return Path.root(name);
}

export function extendPath(objects: Objects, path: Path, step: Step): Path {
  return step.kind === "same" ? path : path.to(objects, step);
}

/** Whether a path may end in this step, by its text: cheaper than to write the whole path. */
export function mayEndIn(objects: Objects, path: string, step: Step): boolean {
  return step.kind !== "entry" || path.endsWith(keyText(objects, step.key));
}

function stepText(path: Text, { objects, step }: Last): Text {
  const owner = path.isPhrase ? `(${path.text})` : path.text;
  switch (step.kind) {
    case "entry":
      return { text: owner + keyText(objects, step.key), isPhrase: false };
    case "key":
      return { text: `(key of ${path.text})`, isPhrase: false };
    case "metatable":
      return { text: `(metatable of ${path.text})`, isPhrase: false };
    case "upvalue": {
      const name = step.name === undefined ? undefined : shortTextAt(objects, step.name);
      const shown = name === undefined ? step.index : JSON.stringify(name);
      return { text: `${owner} upvalue ${shown}`, isPhrase: true };
    }
    case "slot": {
      const { coroutine, index } = step;
      const thread = coroutine.kind === "mainThread" ? owner : `(coroutine ${path.text})`;
      const local = localNameAt(objects, coroutine, index);
      const shown = local === undefined ? `stack[${index}]` : `local ${JSON.stringify(local)}`;
      return { text: `${thread} ${shown}`, isPhrase: true };
    }
    case "part":
      return { text: `(${step.name} of ${path.text})`, isPhrase: false };
  }
}

/** Of two steps from one place. */
function stepsEqual(one: SpelledStep, other: SpelledStep): boolean {
  switch (one.kind) {
    case "entry":
      return other.kind === "entry" && keysEqual(one.key, other.key);
    case "upvalue":
    case "slot":
      return other.kind === one.kind && other.index === one.index;
    case "part":
      return other.kind === "part" && other.name === one.name;
    case "key":
    case "metatable":
      return other.kind === one.kind;
  }
}

/** Of two keys of one table, so that equal numbers are one key. */
function keysEqual(one: GraphValue, other: GraphValue): boolean {
  if (one.kind === "reference") return other.kind === "reference" && other.id === one.id;
  if (one.kind === "cFunction") return other.kind === "cFunction" && other.name === one.name;
  if (!("value" in one) || !("value" in other)) return one.kind === other.kind;
  return one.kind === other.kind && one.value === other.value;
}

/**
 * The paths of all objects that can be reached, the nearest first; behind them what only finalizers
 * hold.
 */
export function pathsOf(graph: SnapshotGraph): ReadonlyMap<ObjectId, Path> {
  const { objects, roots } = graph;
  const paths = new Map<ObjectId, Path>();
  const queue: ObjectId[] = [];
  let at = 0;
  const reach = (value: GraphValue, path: () => Path): void => {
    if (value.kind !== "reference" || paths.has(value.id)) return;
    paths.set(value.id, path());
    queue.push(value.id);
  };
  /** Breadth first, from all that was reached since it was last called. */
  const follow = (): void => {
    for (; at < queue.length; at += 1) {
      const id = queue[at] ?? 0;
      const [object, path] = [objects[id], paths.get(id)];
      if (object === undefined || path === undefined) continue;
      for (const { step, value } of edgesOf(objects, object)) {
        reach(value, () => extendPath(objects, path, step));
      }
    }
  };
  for (const { name, value } of rootEdges(graph)) reach(value, () => rootPath(name));
  follow();
  const finalizable = roots.scope === "state" ? roots.finalizable : [];
  for (const [i, id] of finalizable.entries()) {
    reach({ kind: "reference", id }, () => rootPath(`(object ${i + 1} with a finalizer)`));
  }
  follow();
  return paths;
}

/** Of an object that no path leads to. */
export function unreachablePath(id: ObjectId): Path {
  return rootPath(`(unreachable object ${id})`);
}
