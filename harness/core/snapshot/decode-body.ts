/** Decodes a body into a graph, exactly or not at all: prologue, shells, contents, roots. */
import { DecodeError } from "../errors.ts";
import { LuaBytes } from "../scalars.ts";
import {
  bodyBegin,
  bodyEnd,
  bodyFlags,
  bodyVersion,
  collectorModes,
  figureSizes,
  finalizerBit,
  hashLog2Max,
  kindsOfScope,
  metatableKinds,
  noHash,
  objectTags,
  saltEnd,
  scopes,
  userdataTypes,
} from "./body-format.ts";
import { BodyReader, type ObjectKind } from "./body-reader.ts";
import { checkGraph } from "./check-graph.ts";
import { defaultLimits, luaRelease, type SnapshotLimits } from "./container.ts";
import { contentOf, type Shell } from "./decode-objects.ts";
import { basicTypes, type GraphRoots, type SnapshotGraph } from "./graph.ts";

export type BodyResult =
  | { readonly ok: true; readonly graph: SnapshotGraph }
  | { readonly ok: false; readonly reason: string };

/** What can be told of a value's body by its objects alone. */
export interface ValueOutline {
  /** Lua functions: their code is bytecode. */
  readonly functionCount: number;
  /** C functions, each counted once. */
  readonly nameCount: number;
  /** The external tables that it refers to. */
  readonly tables: readonly number[];
}

interface Prologue {
  readonly scope: GraphRoots["scope"];
  readonly hasDebugInformation: boolean;
  readonly hasRefusals: boolean;
  readonly objectCount: number;
  readonly functionCount: number;
  readonly hashSeed: number;
  readonly names: readonly string[];
}

const kindsByTag: ReadonlyMap<number, ObjectKind> = new Map(
  Object.keys(objectTags)
    .filter(isObjectKind)
    .map((kind) => [objectTags[kind], kind]),
);

function isObjectKind(name: string): name is ObjectKind {
  return Object.hasOwn(objectTags, name);
}

/**
 * The graph of a body of unknown origin. Throws nothing: what does not fit is `ok: false`, with the
 * reason. Nothing is made for a count before the bytes that it announces are seen to be there.
 */
export function decodeBody(body: Uint8Array, limits: Partial<SnapshotLimits> = {}): BodyResult {
  try {
    return { ok: true, graph: graphOf(body, { ...defaultLimits, ...limits }) };
  } catch (thrown) {
    if (thrown instanceof DecodeError) return { ok: false, reason: thrown.message };
    throw thrown;
  }
}

/**
 * Without the contents of the objects: what stored values are checked by on their way, which the
 * guest checks whole. Throws DecodeError.
 */
export function outlineOfValue(body: Uint8Array): ValueOutline {
  const reader = new BodyReader(body);
  const { scope, functionCount, objectCount, names, hasRefusals } = prologueOf(
    reader,
    defaultLimits,
  );
  if (scope !== "value" || hasRefusals) throw new DecodeError("no value that is whole");
  const shells = shellsOf(reader, objectCount, scope);
  const prototypes = shells.filter(({ kind }) => kind === "prototype");
  if (prototypes.length !== functionCount) {
    throw new DecodeError(`${functionCount} functions announced, ${prototypes.length} are there`);
  }
  const tables = shells.flatMap((shell) => (shell.kind === "tableHandle" ? [shell.table] : []));
  return { functionCount, nameCount: names.length, tables };
}

function graphOf(body: Uint8Array, limits: SnapshotLimits): SnapshotGraph {
  if (body.length > limits.bytesMax) {
    throw new DecodeError(`${body.length} bytes are more than the limit of ${limits.bytesMax}`);
  }
  const reader = new BodyReader(body);
  const prologue = prologueOf(reader, limits);
  const { names, hasRefusals, hasDebugInformation, hashSeed } = prologue;
  reader.enter({ names, hasRefusals, kinds: [] });
  const shells = shellsOf(reader, prologue.objectCount, prologue.scope);
  reader.enter({ names, hasRefusals, kinds: shells.map(({ kind }) => kind) });
  const objects = shells.map((shell, id) => {
    try {
      return contentOf(reader, shell);
    } catch (thrown) {
      if (!(thrown instanceof DecodeError)) throw thrown;
      throw new DecodeError(`object ${id}, a ${shell.kind}: ${thrown.message}`, { cause: thrown });
    }
  });
  const roots = rootsOf(reader, prologue.scope);
  if (reader.text(bodyEnd.length) !== bodyEnd) throw new DecodeError("the body does not end right");
  reader.bytes.end();
  const graph: SnapshotGraph = {
    hasDebugInformation,
    hasRefusals,
    hashSeed,
    names,
    objects,
    roots,
  };
  checkGraph(graph, prologue.functionCount);
  return graph;
}

function prologueOf(reader: BodyReader, limits: SnapshotLimits): Prologue {
  if (reader.text(bodyBegin.length) !== bodyBegin) {
    throw new DecodeError("no body: it does not begin like one");
  }
  expectFigure({ what: "body version", is: reader.u16(), wanted: bodyVersion });
  const scope = reader.u8();
  if (scope !== scopes.state && scope !== scopes.value) {
    throw new DecodeError(`scope ${scope} is not known`);
  }
  const flags = reader.u8();
  if ((flags & ~(bodyFlags.debugInformation | bodyFlags.refusals)) !== 0) {
    throw new DecodeError(`unknown flags 0x${flags.toString(16)}`);
  }
  expectFigure({ what: "Lua release", is: reader.u32(), wanted: luaRelease });
  for (const wanted of figureSizes) {
    expectFigure({ what: "a figure's size", is: reader.u8(), wanted });
  }
  // The least object is a tag. `count` looks at what is left behind the figure itself.
  const objectCount = reader.bytes.count(1);
  if (objectCount > limits.objectsMax) {
    throw new DecodeError(`${objectCount} objects are more than the limit of ${limits.objectsMax}`);
  }
  const functionCount = reader.u32();
  const nameCount = reader.bytes.count(2);
  const hashSeed = reader.u32();
  return {
    scope: scope === scopes.state ? "state" : "value",
    hasDebugInformation: (flags & bodyFlags.debugInformation) !== 0,
    hasRefusals: (flags & bodyFlags.refusals) !== 0,
    objectCount,
    functionCount,
    hashSeed,
    names: namesOf(reader, nameCount),
  };
}

function expectFigure(figure: {
  readonly what: string;
  readonly is: number;
  readonly wanted: number;
}): void {
  const { what, is, wanted } = figure;
  if (is !== wanted) throw new DecodeError(`${what} is ${is}; this library reads ${wanted}`);
}

function namesOf(reader: BodyReader, count: number): readonly string[] {
  const names = new Set<string>();
  for (let i = 0; i < count; i++) {
    const length = reader.u8();
    if (length === 0) throw new DecodeError(`C function ${i} has an empty name`);
    const name = reader.text(length);
    if (names.has(name)) throw new DecodeError(`two C functions have the name ${name}`);
    names.add(name);
  }
  return [...names];
}

function shellsOf(reader: BodyReader, count: number, scope: GraphRoots["scope"]): readonly Shell[] {
  const foreign: readonly ObjectKind[] = kindsOfScope[scope === "state" ? "value" : "state"];
  return reader.list(count, () => {
    const byte = reader.u8();
    const kind = kindsByTag.get(byte & ~finalizerBit);
    if (kind === undefined) {
      const at = reader.bytes.at - 1;
      throw new DecodeError(`0x${byte.toString(16)} at byte ${at} is no object's tag`);
    }
    const hasFinalizer = (byte & finalizerBit) !== 0;
    if (foreign.includes(kind)) throw new DecodeError(`a ${scope} with a ${kind}`);
    if (hasFinalizer && (scope === "value" || (kind !== "table" && kind !== "userdata"))) {
      throw new DecodeError(`a ${kind} has no finalizer`);
    }
    return shellOf(reader, kind, hasFinalizer);
  });
}

function shellOf(reader: BodyReader, kind: ObjectKind, hasFinalizer: boolean): Shell {
  switch (kind) {
    case "string":
      return { kind, bytes: new LuaBytes(reader.bytes.bytes(reader.u32())) };
    case "table":
      return tableShell(reader, hasFinalizer);
    case "luaClosure":
      return { kind, salt: reader.salt(), upvalueCount: reader.u8() };
    case "cClosure": {
      const salt = reader.salt();
      const upvalueCount = reader.u8();
      if (upvalueCount === 0) throw new DecodeError("a C closure has no upvalue");
      return { kind, salt, upvalueCount };
    }
    case "coroutine":
    case "mainThread":
    case "rebuilt":
      return { kind, salt: reader.salt() };
    case "userdata": {
      const salt = reader.salt();
      const number = reader.u8();
      const type = userdataTypes[number];
      if (type === undefined) throw new DecodeError(`userdata of type ${number} is not known`);
      return { kind, salt, hasFinalizer, type };
    }
    case "refused":
      return { kind, refusal: reader.refusal() };
    case "namedTable":
      return { kind, name: new LuaBytes(reader.bytes.bytes(reader.u32())) };
    case "tableHandle":
      return { kind, table: reader.u32() };
    case "upvalue":
    case "prototype":
      return { kind };
  }
}

/** Its slots come much later; each takes a byte, so that no more of them can be announced. */
function tableShell(reader: BodyReader, hasFinalizer: boolean): Shell {
  const salt = reader.salt();
  const arrayCount = reader.u32();
  const log2 = reader.u8();
  if (log2 > hashLog2Max && log2 !== noHash) {
    throw new DecodeError(`a table has 2^${log2} hash slots`);
  }
  const hashCount = log2 === noHash ? undefined : 2 ** log2;
  if (arrayCount + (hashCount ?? 0) > reader.bytes.left) {
    const slots = `${arrayCount} + ${hashCount ?? 0} slots`;
    throw new DecodeError(`a table announces ${slots}, ${reader.bytes.left} bytes are left`);
  }
  return { kind: "table", salt, hasFinalizer, arrayCount, hashCount };
}

function rootsOf(reader: BodyReader, scope: GraphRoots["scope"]): GraphRoots {
  if (scope === "value") return { scope, value: reader.slot() };
  const registry = reader.id("table", "the registry");
  const metatables = reader.list(basicTypes.length, () => {
    return reader.optionalId(metatableKinds, "the metatable of a basic type");
  });
  const finalizable = reader.counted(4, () =>
    reader.id(new Set(["table", "userdata"]), "an object with a finalizer"),
  );
  const mode = collectorModes[reader.flag("the collector's mode") ? 1 : 0] ?? "incremental";
  const collector = {
    mode,
    isStopped: reader.flag("whether the collector is stopped"),
    pause: reader.u8(),
    stepMultiplier: reader.u8(),
    stepSize: reader.u8(),
    minorMultiplier: reader.u8(),
    majorMultiplier: reader.u8(),
  };
  const warningsOn = reader.flag("whether warnings are on");
  const latestSalt = reader.u32();
  if (latestSalt >= saltEnd) throw new DecodeError(`the latest salt is ${latestSalt}`);
  return { scope, registry, metatables, finalizable, collector, warningsOn, latestSalt };
}
