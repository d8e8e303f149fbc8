/** A graph as text that a person can read: a line for each thing, by its path. */
import { UsageError } from "../errors.ts";
import { type Edge, edgesOf, rootEdges, upvalueNames, upvalueValue } from "./edges.ts";
import type { GraphObject, GraphValue, ObjectId, PrototypeObject, SnapshotGraph } from "./graph.ts";
import { extendPath, type Path, pathsOf, rootPath } from "./paths.ts";
import { objectText, sourceText, valueText } from "./value-text.ts";

/** `path`: where to begin, as paths are written here; `depth`: how many levels below it. */
export interface ShowOptions {
  readonly path?: string;
  readonly depth?: number;
}

interface Shown {
  readonly path: Path;
  readonly value: GraphValue;
  /** Levels that may still follow. */
  readonly depth: number;
}

const depthDefault = 2;
/** Constants that are shown of one function. */
const constantsMax = 12;

/**
 * For example `_G.counter = function <counter.lua:1> {upvalues n=3 (shared with _G.reset)}`. What
 * has a shorter path elsewhere is shown by that path. Throws UsageError when nothing has `path`.
 */
export function showGraph(graph: SnapshotGraph, options: ShowOptions = {}): string {
  const { path, depth = depthDefault } = options;
  const display = new Display(graph);
  const pending: Shown[] = display
    .begin(path)
    .map((shown) => ({ ...shown, depth }))
    .reverse();
  const lines: string[] = [];
  for (let shown = pending.pop(); shown !== undefined; shown = pending.pop()) {
    lines.push(...display.lines(shown));
    pending.push(...display.below(shown).reverse());
  }
  return lines.join("\n");
}

class Display {
  readonly #graph: SnapshotGraph;
  readonly #paths: ReadonlyMap<ObjectId, Path>;
  /** Where the display begins: there an object is shown although its path is another. */
  #begin: string | undefined;
  /** The closures that have an upvalue. */
  readonly #closuresOf = new Map<ObjectId, ObjectId[]>();

  constructor(graph: SnapshotGraph) {
    this.#graph = graph;
    this.#paths = pathsOf(graph);
    for (const [id, object] of graph.objects.entries()) {
      if (object.kind !== "luaClosure") continue;
      for (const upvalue of object.upvalues) {
        const closures = this.#closuresOf.get(upvalue);
        if (closures === undefined) this.#closuresOf.set(upvalue, [id]);
        else closures.push(id);
      }
    }
  }

  /** The roots that are there, or what lies at one path. */
  begin(text: string | undefined): readonly Omit<Shown, "depth">[] {
    const roots = rootEdges(this.#graph).map(({ name, value }) => ({
      path: rootPath(name),
      value,
    }));
    if (text === undefined) {
      const isState = this.#graph.roots.scope === "state";
      return roots.filter(({ value }) => !isState || value.kind !== "nil");
    }
    this.#begin = text;
    const root = roots.find(({ path }) => path.text === text);
    if (root !== undefined) return [root];
    for (const [id, path] of this.#paths) {
      for (const edge of this.#edges(id)) {
        const at = extendPath(this.#graph.objects, path, edge.step);
        if (edge.step.kind !== "same" && at.text === text) return [{ path: at, value: edge.value }];
      }
    }
    throw new UsageError(`nothing in the snapshot has the path ${text}`);
  }

  lines({ path, value, depth }: Shown): readonly string[] {
    const shown = this.#isElsewhere(path, value) ? this.#place(value) : this.#text(path, value);
    const line = `${path.text} = ${shown}`;
    if (depth === 0 || this.#isElsewhere(path, value)) return [line];
    const object = this.#objectOf(value);
    const code = object?.kind === "luaClosure" ? this.#graph.objects[object.prototype] : object;
    return code?.kind === "prototype" ? [line, `  ${this.#codeText(code)}`] : [line];
  }

  /** What an object holds, unless it is shown elsewhere. */
  below({ path, value, depth }: Shown): Shown[] {
    if (depth === 0 || value.kind !== "reference" || this.#isElsewhere(path, value)) return [];
    const shown: Shown[] = [];
    for (const { step, value: held } of this.#edges(value.id)) {
      const at = extendPath(this.#graph.objects, path, step);
      const inner = this.#variableValue(held);
      const isOwnLine = step.kind !== "same" && step.kind !== "key";
      if (this.#objectOf(value)?.kind === "luaClosure") {
        // A closure's own line has its upvalues; what they alone lead to comes behind it.
        const object = this.#objectOf(inner);
        const holdsMore = object !== undefined && edgesOf(this.#graph.objects, object).length > 0;
        if (!isOwnLine || !holdsMore || this.#isElsewhere(at, inner)) continue;
      }
      if (isOwnLine) shown.push({ path: at, value: inner, depth: depth - 1 });
    }
    return shown;
  }

  #edges(id: ObjectId): readonly Edge[] {
    const object = this.#graph.objects[id];
    if (object === undefined) return [];
    const edges = edgesOf(this.#graph.objects, object);
    // A prototype's constants stand in its own line.
    return object.kind === "prototype" ? [] : edges;
  }

  #objectOf(value: GraphValue): GraphObject | undefined {
    return value.kind === "reference" ? this.#graph.objects[value.id] : undefined;
  }

  #variableValue(value: GraphValue): GraphValue {
    const object = this.#objectOf(value);
    return object?.kind === "upvalue" ? upvalueValue(this.#graph.objects, object) : value;
  }

  /** Strings are shown wherever they stand. */
  #isElsewhere(path: Path, value: GraphValue): boolean {
    if (value.kind !== "reference" || this.#objectOf(value)?.kind === "string") return false;
    const shortest = this.#paths.get(value.id)?.text;
    return shortest !== undefined && shortest !== path.text && path.text !== this.#begin;
  }

  #place(value: GraphValue): string {
    const path = value.kind === "reference" ? this.#paths.get(value.id) : undefined;
    return path?.text ?? valueText(this.#graph.objects, value);
  }

  #text(path: Path, value: GraphValue): string {
    const object = this.#objectOf(value);
    const text = valueText(this.#graph.objects, value);
    if (object?.kind !== "luaClosure" || object.upvalues.length === 0) return text;
    const names = upvalueNames(this.#graph.objects, object.prototype, object.upvalues.length);
    const upvalues = object.upvalues.map((id, i) => {
      const step = { kind: "upvalue", index: i + 1, name: names[i] } as const;
      const at = extendPath(this.#graph.objects, path, step);
      const held = this.#variableValue({ kind: "reference", id });
      const isElsewhere = this.#isElsewhere(at, held);
      const shown = isElsewhere ? this.#place(held) : valueText(this.#graph.objects, held);
      return `${names[i] ?? i + 1}=${shown}${this.#sharing(id, path)}`;
    });
    return `${text} {upvalues ${upvalues.join(", ")}}`;
  }

  /** The others that have a variable; all functions have `_ENV`, of which that says nothing. */
  #sharing(upvalue: ObjectId, path: Path): string {
    const holders = (this.#closuresOf.get(upvalue) ?? [])
      .map((id) => this.#paths.get(id)?.text)
      .filter((text) => text !== undefined && text !== path.text);
    const [first] = holders;
    const object = this.#graph.objects[upvalue];
    const value =
      object?.kind === "upvalue" ? upvalueValue(this.#graph.objects, object) : undefined;
    if (first === undefined || (value !== undefined && this.#place(value) === "_G")) return "";
    const more = holders.length > 1 ? ` and ${holders.length - 1} more` : "";
    return ` (shared with ${first}${more})`;
  }

  #codeText(prototype: PrototypeObject): string {
    const { source, firstLine, lastLine, parameters, isVararg, constants } = prototype;
    const { objects } = this.#graph;
    const shown = constants.slice(0, constantsMax).map((constant) => valueText(objects, constant));
    if (shown.length === 0) shown.push("none");
    if (constants.length > constantsMax) shown.push(`and ${constants.length - constantsMax} more`);
    const functions = prototype.prototypes
      .map((id) => objects[id])
      .flatMap((inner) => (inner === undefined ? [] : [objectText(objects, inner)]));
    return [
      `source ${sourceText(objects, source)}`,
      `lines ${firstLine} to ${lastLine}`,
      `${parameters} parameters${isVararg ? " and varargs" : ""}`,
      `${prototype.instructions.length} instructions`,
      `constants ${shown.join(" ")}`,
      ...(functions.length === 0 ? [] : [`encloses ${functions.join(" ")}`]),
    ].join(", ");
  }
}
