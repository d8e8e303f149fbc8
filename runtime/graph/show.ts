/** A graph as text that a person can read: a line for each thing, by its path. */
import { UsageError } from "../check/errors.ts";
import { cut } from "../check/shown.ts";
import { type Edge, edgesOf, hasEdges, rootEdges, upvalueNames, upvalueValue } from "./edges.ts";
import type { GraphObject, GraphValue, ObjectId, PrototypeObject, SnapshotGraph } from "./graph.ts";
import { extendPath, mayEndIn, type Path, pathsOf, rootPath } from "./paths.ts";
import { shortTextAt, sourceText, valueText } from "./value-text.ts";

/**
 * `path`: where to begin, as paths are written here; `depth`: how many levels below it;
 * `linesMax`: how many lines are written, the others are counted.
 */
export interface ShowOptions {
  readonly path?: string;
  readonly depth?: number;
  readonly linesMax?: number;
}

interface Shown {
  readonly path: Path;
  readonly value: GraphValue;
  /** Levels that may still follow. */
  readonly depth: number;
}

const depthDefault = 2;
export const linesMaxDefault = 1000;
/** A longer line is cut. */
export const lineCharsMax = 2000;
/** Constants that are shown of one function; inner functions; upvalues. */
const partsMax = 12;

/**
 * For example `_G.counter = function <counter.lua:1> {upvalues n=3 (shared with _G.reset)}`. What
 * has a shorter path elsewhere is shown by that path. Throws UsageError when nothing has `path`.
 */
export function showGraph(graph: SnapshotGraph, options: ShowOptions = {}): string {
  const { path, depth = depthDefault, linesMax = linesMaxDefault } = options;
  const display = new Display(graph);
  const pending: Shown[] = display
    .begin(path)
    .map((shown) => ({ ...shown, depth }))
    .reverse();
  const lines: string[] = [];
  let more = 0;
  for (let shown = pending.pop(); shown !== undefined; shown = pending.pop()) {
    if (lines.length < linesMax) lines.push(...display.lines(shown));
    else more += display.lineCount(shown);
    for (const below of display.below(shown).reverse()) pending.push(below);
  }
  // A thing may have two lines, so that one too many was written.
  more += lines.splice(linesMax).length;
  if (more > 0) lines.push(`… ${more} more ${more === 1 ? "line" : "lines"}`);
  return lines.map((line) => cut(line, lineCharsMax)).join("\n");
}

/** The first of many parts, each as text, and how many more there are. */
function partsText<Part>(
  parts: readonly Part[],
  text: (part: Part, i: number) => string,
): string[] {
  const shown = parts.slice(0, partsMax).map(text);
  if (parts.length > partsMax) shown.push(`and ${parts.length - partsMax} more`);
  return shown;
}

class Display {
  readonly #graph: SnapshotGraph;
  readonly #paths: ReadonlyMap<ObjectId, Path>;
  /** Where the display begins: there an object is shown although its path is another. */
  #begin: Path | undefined;
  /** The closures that have an upvalue, of those that a path leads to. */
  readonly #closuresOf = new Map<ObjectId, ObjectId[]>();
  readonly #hasEdges = new Map<ObjectId, boolean>();

  constructor(graph: SnapshotGraph) {
    this.#graph = graph;
    this.#paths = pathsOf(graph);
    for (const [id, object] of graph.objects.entries()) {
      if (object.kind !== "luaClosure" || !this.#paths.has(id)) continue;
      for (const upvalue of new Set(object.upvalues)) {
        const closures = this.#closuresOf.get(upvalue);
        if (closures === undefined) this.#closuresOf.set(upvalue, [id]);
        else closures.push(id);
      }
    }
  }

  /** The roots that are there, or what lies at one path. */
  begin(text: string | undefined): readonly Omit<Shown, "depth">[] {
    const roots = rootEdges(this.#graph).map(({ name, value }) => ({
      path: this.#known(rootPath(name), value),
      value,
    }));
    if (text === undefined) {
      const isState = this.#graph.roots.scope === "state";
      return roots.filter(({ value }) => !isState || value.kind !== "nil");
    }
    const begun = roots.find(({ path }) => path.text === text) ?? this.#find(text);
    if (begun === undefined) {
      throw new UsageError(`nothing in the snapshot has the path ${text}`);
    }
    this.#begin = begun.path;
    return [begun];
  }

  lines(shown: Shown): readonly string[] {
    const { path, value } = shown;
    const text = this.#isElsewhere(path, value) ? this.#place(value) : this.#text(path, value);
    const line = `${path.text} = ${text}`;
    const code = this.#codeOf(shown);
    return code === undefined ? [line] : [line, `  ${this.#codeText(code)}`];
  }

  /** How many lines `lines` gives, without writing them. */
  lineCount(shown: Shown): number {
    return this.#codeOf(shown) === undefined ? 1 : 2;
  }

  /** What an object holds, unless it is shown elsewhere. */
  below({ path, value, depth }: Shown): Shown[] {
    if (depth === 0 || value.kind !== "reference" || this.#isElsewhere(path, value)) return [];
    const isClosure = this.#objectOf(value)?.kind === "luaClosure";
    const shown: Shown[] = [];
    for (const { step, value: held } of this.#edges(value.id)) {
      if (step.kind === "same" || step.kind === "key") continue;
      const inner = this.#variableValue(held);
      const at = this.#known(extendPath(this.#graph.objects, path, step), inner);
      // A closure's own line has its upvalues; what they alone lead to comes behind it.
      if (isClosure && (!this.#holdsMore(inner) || this.#isElsewhere(at, inner))) continue;
      shown.push({ path: at, value: inner, depth: depth - 1 });
    }
    return shown;
  }

  /** The function whose code is shown behind a line. */
  #codeOf({ path, value, depth }: Shown): PrototypeObject | undefined {
    if (depth === 0 || this.#isElsewhere(path, value)) return undefined;
    const object = this.#objectOf(value);
    const code = object?.kind === "luaClosure" ? this.#graph.objects[object.prototype] : object;
    return code?.kind === "prototype" ? code : undefined;
  }

  #find(text: string): Omit<Shown, "depth"> | undefined {
    const { objects } = this.#graph;
    for (const [id, path] of this.#paths) {
      for (const { step, value } of this.#edges(id)) {
        if (step.kind === "same" || !mayEndIn(objects, text, step)) continue;
        const at = extendPath(objects, path, step);
        if (at.text === text) return { path: this.#known(at, value), value };
      }
    }
    return undefined;
  }

  #edges(id: ObjectId): readonly Edge[] {
    const object = this.#graph.objects[id];
    // A prototype's constants stand in its own line.
    if (object === undefined || object.kind === "prototype") return [];
    return edgesOf(this.#graph.objects, object);
  }

  /** Found once: many closures may share a variable. */
  #holdsMore(value: GraphValue): boolean {
    if (value.kind !== "reference") return false;
    const known = this.#hasEdges.get(value.id);
    if (known !== undefined) return known;
    const object = this.#objectOf(value);
    const holdsMore = object !== undefined && hasEdges(this.#graph.objects, object);
    this.#hasEdges.set(value.id, holdsMore);
    return holdsMore;
  }

  #objectOf(value: GraphValue): GraphObject | undefined {
    return value.kind === "reference" ? this.#graph.objects[value.id] : undefined;
  }

  #variableValue(value: GraphValue): GraphValue {
    const object = this.#objectOf(value);
    return object?.kind === "upvalue" ? upvalueValue(this.#graph.objects, object) : value;
  }

  #pathOf(value: GraphValue): Path | undefined {
    return value.kind === "reference" ? this.#paths.get(value.id) : undefined;
  }

  /** The object's own path where it is the same: paths are compared by where they come from. */
  #known(path: Path, value: GraphValue): Path {
    const own = this.#pathOf(this.#variableValue(value));
    return own !== undefined && path.equals(own) ? own : path;
  }

  /** Strings are shown wherever they stand. */
  #isElsewhere(path: Path, value: GraphValue): boolean {
    if (this.#objectOf(value)?.kind === "string") return false;
    const shortest = this.#pathOf(value);
    return shortest !== undefined && !path.equals(shortest) && path !== this.#begin;
  }

  #place(value: GraphValue): string {
    return this.#pathOf(value)?.text ?? valueText(this.#graph.objects, value);
  }

  #text(path: Path, value: GraphValue): string {
    const { objects } = this.#graph;
    const object = this.#objectOf(value);
    const text = valueText(objects, value);
    if (value.kind !== "reference" || object?.kind !== "luaClosure") return text;
    if (object.upvalues.length === 0) return text;
    const names = upvalueNames(objects, object.prototype, object.upvalues.length);
    const upvalues = partsText(object.upvalues, (id, i) => {
      const name = names[i];
      const held = this.#variableValue({ kind: "reference", id });
      const at = this.#known(
        extendPath(objects, path, { kind: "upvalue", index: i + 1, name }),
        held,
      );
      const isElsewhere = this.#isElsewhere(at, held);
      const shown = isElsewhere ? this.#place(held) : valueText(objects, held);
      const written = name === undefined ? undefined : shortTextAt(objects, name);
      return `${written ?? i + 1}=${shown}${this.#sharing(id, value.id)}`;
    });
    return `${text} {upvalues ${upvalues.join(", ")}}`;
  }

  /** The others that have a variable; all functions have `_ENV`, of which that says nothing. */
  #sharing(upvalue: ObjectId, closure: ObjectId): string {
    const holders = this.#closuresOf.get(upvalue) ?? [];
    const others = holders.length - (this.#paths.has(closure) ? 1 : 0);
    const first = holders[0] === closure ? holders[1] : holders[0];
    const path = first === undefined ? undefined : this.#paths.get(first);
    const object = this.#graph.objects[upvalue];
    const value =
      object?.kind === "upvalue" ? upvalueValue(this.#graph.objects, object) : undefined;
    if (path === undefined || (value !== undefined && this.#place(value) === "_G")) return "";
    return ` (shared with ${path.text}${others > 1 ? ` and ${others - 1} more` : ""})`;
  }

  #codeText(prototype: PrototypeObject): string {
    const { source, firstLine, lastLine, parameters, isVararg, constants } = prototype;
    const { objects } = this.#graph;
    const shown = partsText(constants, (constant) => valueText(objects, constant));
    if (shown.length === 0) shown.push("none");
    const functions = partsText(prototype.prototypes, (id) =>
      valueText(objects, { kind: "reference", id }),
    );
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
