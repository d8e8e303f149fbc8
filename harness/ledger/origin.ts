/** Says of each function which source it comes from, by name, or by who calls it. */
import type { SourceIndex, ZigModule } from "./sources.ts";

/** A function as its origin is looked for; others are meant by their places in the list. */
export interface OriginQuery {
  /** Of the linker. */
  readonly name?: string;
  readonly callers: readonly number[];
  readonly callees: readonly number[];
}

const unknownGroup = "unknown";
const standardLibrary = "zig/std";
const compilerRuntime = "compiler-rt";
const linker = "linker";

/**
 * The group of each function, in the order of the list, which is the order of the code. A name
 * that several files define goes to the one most of the function's callers and callees come from,
 * then to that of the next function before it in the code, then to the first by alphabet. In a
 * module with names, one without is what the optimizer took out of others: if all its callers are
 * of one group, it is, too.
 */
export function originsOf(
  functions: readonly OriginQuery[],
  { sources, isNamed }: { readonly sources: SourceIndex; readonly isNamed: boolean },
): readonly string[] {
  const candidates = functions.map(({ name }) =>
    name === undefined ? [] : candidatesOf(name, sources),
  );
  const groups = candidates.map((fitting) => (fitting.length === 1 ? fitting[0] : undefined));
  const groupsAt = (places: readonly number[]) => places.map((place) => groups[place]);
  return functions.map(({ name, callers, callees }, place) => {
    const fitting = candidates[place] ?? [];
    if (fitting.length > 1) {
      const votes = groupsAt([...callers, ...callees]);
      const before = groups.slice(0, place).findLast((group) => group !== undefined);
      return fitting.toSorted(byVotes({ votes, before }))[0] ?? unknownGroup;
    }
    const [first, ...others] = new Set(name === undefined && isNamed ? groupsAt(callers) : fitting);
    return others.length === 0 ? (first ?? unknownGroup) : unknownGroup;
  });
}

function byVotes(options: {
  readonly votes: readonly (string | undefined)[];
  readonly before: string | undefined;
}): (a: string, b: string) => number {
  const { votes, before } = options;
  const standing = (group: string): number =>
    votes.filter((vote) => vote === group).length + (group === before ? 0.5 : 0);
  return (a, b) => standing(b) - standing(a) || (a < b ? -1 : 1);
}

/** All groups that define the name: one for nearly every name. */
function candidatesOf(name: string, sources: SourceIndex): readonly string[] {
  const found = definitionsOf(name, sources);
  if (found.length > 0 && found[0] !== standardLibrary) return found;
  // Binaryen numbers the second function of a name.
  const stem = name.replace(/_\d+$/, "");
  const ofStem = stem === name ? [] : definitionsOf(stem, sources);
  return ofStem.length > 0 ? ofStem : found;
}

function definitionsOf(name: string, sources: SourceIndex): readonly string[] {
  const enumHelper = /^__zig_(?:is_named_enum_value|tag_name)_(.*)$/.exec(name)?.[1];
  if (enumHelper !== undefined) return typeOrigin(componentsOf(enumHelper), sources);
  const components = componentsOf(name);
  if (components.length > 1) return zigOrigin(components, sources);
  const defined = sources.plain.get(name);
  if (defined !== undefined) return [...defined];
  if (/^(?:__wasm_\w+|_initialize|_start)$/.test(name)) return [linker];
  return name.startsWith("__") ? [compilerRuntime] : [];
}

/**
 * "snapshot.Output.int__func_69" is snapshot, Output, int. Parentheses hold the arguments of a
 * generic, with dots of their own.
 */
function componentsOf(name: string): readonly string[] {
  const parts = [""];
  let depth = 0;
  for (const character of name) {
    if (character === "(") depth += 1;
    if (depth === 0 && character === ".") parts.push("");
    else if (depth === 0) parts.push(`${parts.pop() ?? ""}${character}`);
    if (character === ")") depth -= 1;
  }
  return parts.map((part) => part.replace(/__[a-z]+_\d+$/, ""));
}

/** A function that a file of ours declares, in a container that it declares; else Zig's library. */
function zigOrigin(components: readonly string[], sources: SourceIndex): readonly string[] {
  if (components[0] === "compiler_rt") return [compilerRuntime];
  const groups = modulesOf(components, sources).flatMap(({ module, inside }) => {
    const name = inside.at(-1);
    const containers = inside.slice(0, -1);
    const owner = containers.at(-1);
    const fits =
      name !== undefined &&
      module.functions.has(name) &&
      containers.every((each) => module.containers.has(each) || module.functions.has(each)) &&
      (owner === undefined || module.containers.has(owner));
    return fits ? [module.group] : [];
  });
  return groups.length === 0 ? [standardLibrary] : groups;
}

function typeOrigin(components: readonly string[], sources: SourceIndex): readonly string[] {
  const groups = modulesOf(components, sources).flatMap(({ module, inside }) =>
    inside.every((each) => module.containers.has(each)) ? [module.group] : [],
  );
  return groups.length === 0 ? [standardLibrary] : groups;
}

interface PlaceInModule {
  readonly module: ZigModule;
  /** The components behind the file's own. */
  readonly inside: readonly string[];
}

/** The files that a name may begin with, the longest first. */
function modulesOf(
  components: readonly string[],
  { zigModules }: SourceIndex,
): readonly PlaceInModule[] {
  const lengths = components.map((_, index) => index + 1).reverse();
  const found = lengths.map((length) =>
    (zigModules.get(components.slice(0, length).join(".")) ?? []).map((module) => ({
      module,
      inside: components.slice(length),
    })),
  );
  return found.find((modules) => modules.length > 0) ?? [];
}
