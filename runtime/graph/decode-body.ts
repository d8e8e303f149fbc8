/** Decodes a body into a graph, exactly or not at all: prologue, shells, contents, roots. */
import { memoryBytes } from "../abi/abi.ts";
import { DecodeError } from "../check/errors.ts";
import { LuaBytes } from "../scalar/scalars.ts";
import { type BodyField, bodyFields as fields } from "./body-fields.ts";
import {
  bodyFlags,
  collectorModes,
  finalizerBit,
  kindsOfScope,
  metatableKinds,
  noHash,
  objectTags,
  scopes,
  userdataTypes,
} from "./body-format.ts";
import { BodyReader, type BodyTrace, type ObjectKind } from "./body-reader.ts";
import { checkGraph } from "./check-graph.ts";
import { contentOf, type Shell } from "./decode-objects.ts";
import { basicTypes, type GraphRoots, type SnapshotGraph } from "./graph.ts";
import { defaultLimits, type SnapshotLimits } from "./limits.ts";

/** Of a table's slot in Lua's memory, at least. */
const slotBytes = 16;

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

/** What has one value alone in each body that is read here. */
const fixedBeginning: readonly BodyField[] = [fields.prologueMagic, fields.prologueVersion];
const fixedSizes: readonly BodyField[] = [
  fields.prologueLuaRelease,
  fields.prologueInstructionBytes,
  fields.prologueIntegerBytes,
  fields.prologueFloatBytes,
  fields.prologueZero,
];
const finalizableKinds: ReadonlySet<ObjectKind> = new Set(["table", "userdata"]);

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
export function decodeBody(
  body: Uint8Array,
  limits: Partial<SnapshotLimits> = {},
  trace?: BodyTrace,
): BodyResult {
  try {
    return { ok: true, graph: graphOf(body, { ...defaultLimits, ...limits }, trace) };
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

function graphOf(
  body: Uint8Array,
  limits: SnapshotLimits,
  trace: BodyTrace | undefined,
): SnapshotGraph {
  if (body.length > limits.bytesMax) {
    throw new DecodeError(`${body.length} bytes are more than the limit of ${limits.bytesMax}`);
  }
  const reader = new BodyReader(body, trace);
  const prologue = prologueOf(reader, limits);
  const { names, hasRefusals, hasDebugInformation, hashSeed } = prologue;
  reader.enter({ names, hasRefusals, kinds: [] });
  const shells = shellsOf(reader, prologue.objectCount, prologue.scope);
  reader.enter({ names, hasRefusals, kinds: shells.map(({ kind }) => kind) });
  const objects = shells.map((shell, id) => {
    reader.part("contents");
    try {
      return contentOf(reader, shell);
    } catch (thrown) {
      if (!(thrown instanceof DecodeError)) throw thrown;
      throw new DecodeError(`object ${id}, a ${shell.kind}: ${thrown.message}`, { cause: thrown });
    }
  });
  reader.part("roots");
  const roots = rootsOf(reader, prologue.scope);
  reader.part("end");
  reader.number(fields.endMark);
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
  for (const field of fixedBeginning) reader.number(field);
  const scope = reader.number(fields.prologueScope);
  const flags = reader.number(fields.prologueFlags);
  for (const field of fixedSizes) reader.number(field);
  // The least object is a tag. `count` looks at what is left behind the figure itself.
  const objectCount = reader.count(fields.prologueObjects, 1);
  if (objectCount > limits.objectsMax) {
    throw new DecodeError(`${objectCount} objects are more than the limit of ${limits.objectsMax}`);
  }
  const functionCount = reader.upTo(fields.prologueFunctions, objectCount);
  const nameCount = reader.count(fields.prologueNames, 2);
  const hashSeed = reader.number(fields.prologueHashSeed);
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

function namesOf(reader: BodyReader, count: number): readonly string[] {
  const names = new Set<string>();
  for (let i = 0; i < count; i++) {
    const name = reader.text(fields.nameBytes, reader.number(fields.nameLength));
    if (names.has(name)) throw new DecodeError(`two C functions have the name ${name}`);
    names.add(name);
  }
  return [...names];
}

function shellsOf(reader: BodyReader, count: number, scope: GraphRoots["scope"]): readonly Shell[] {
  const foreign: readonly ObjectKind[] = kindsOfScope[scope === "state" ? "value" : "state"];
  let slotCount = 0;
  return reader.list(count, () => {
    reader.part("shell");
    const byte = reader.number(fields.shellTag);
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
    const shell = shellOf(reader, kind, hasFinalizer);
    if (shell.kind === "table") slotCount += shell.arrayCount + (shell.hashCount ?? 0);
    // Here a slot takes a hundred bytes and more: those that no core has room for are not read.
    if (slotCount * slotBytes > memoryBytes) {
      throw new DecodeError(`tables with ${slotCount} slots and more, which no memory has`);
    }
    return shell;
  });
}

function shellOf(reader: BodyReader, kind: ObjectKind, hasFinalizer: boolean): Shell {
  switch (kind) {
    case "string":
      return { kind, bytes: bytesOf(reader, fields.stringLength, fields.stringBytes) };
    case "table":
      return tableShell(reader, hasFinalizer);
    case "luaClosure":
      return {
        kind,
        salt: reader.salt(),
        upvalueCount: reader.number(fields.luaClosureUpvalues),
      };
    case "cClosure": {
      const salt = reader.salt();
      return { kind, salt, upvalueCount: reader.number(fields.cClosureUpvalues) };
    }
    case "coroutine":
    case "mainThread":
    case "rebuilt":
      return { kind, salt: reader.salt() };
    case "userdata": {
      const salt = reader.salt();
      const type = userdataTypes[reader.number(fields.userdataKind)];
      if (type === undefined) throw new DecodeError("userdata of a type that is not known");
      return { kind, salt, hasFinalizer, type };
    }
    case "refused":
      return refusedShell(reader);
    case "namedTable":
      return { kind, name: bytesOf(reader, fields.namedTableLength, fields.namedTableBytes) };
    case "tableHandle":
      return { kind, table: reader.number(fields.tableHandleId) };
    case "upvalue":
    case "prototype":
      return { kind };
  }
}

function refusedShell(reader: BodyReader): Shell {
  const refusal = reader.refusal(fields.refusedReason);
  if (refusal !== "its __persist failed") return { kind: "refused", refusal };
  const error = bytesOf(reader, fields.refusedErrorLength, fields.refusedErrorBytes);
  return { kind: "refused", refusal, error };
}

function bytesOf(reader: BodyReader, length: BodyField, bytes: BodyField): LuaBytes {
  return new LuaBytes(reader.view(bytes, reader.number(length)));
}

/** Its slots come much later; each takes a byte, so that no more of them can be announced. */
function tableShell(reader: BodyReader, hasFinalizer: boolean): Shell {
  const salt = reader.salt();
  const arrayCount = reader.number(fields.tableArraySlots);
  const bits = reader.orNone(fields.tableHashBits, noHash);
  const hashCount = bits === undefined ? undefined : 2 ** bits;
  if (arrayCount + (hashCount ?? 0) > reader.bytes.left) {
    const slots = `${arrayCount} + ${hashCount ?? 0} slots`;
    throw new DecodeError(`a table announces ${slots}, ${reader.bytes.left} bytes are left`);
  }
  return { kind: "table", salt, hasFinalizer, arrayCount, hashCount };
}

function rootsOf(reader: BodyReader, scope: GraphRoots["scope"]): GraphRoots {
  if (scope === "value") return { scope, value: reader.slot() };
  const registry = reader.id(fields.rootsRegistry, "table");
  const metatables = reader.list(basicTypes.length, () => {
    return reader.optionalId(fields.rootsMetatable, metatableKinds);
  });
  const finalizable = reader.counted(fields.rootsFinalizers, 4, () =>
    reader.id(fields.rootsFinalizer, finalizableKinds),
  );
  const mode = collectorModes[reader.number(fields.rootsIsGenerational)] ?? "incremental";
  const collector = {
    mode,
    isStopped: reader.flag(fields.rootsIsStopped),
    pause: reader.number(fields.rootsPause),
    stepMultiplier: reader.number(fields.rootsStepMultiplier),
    stepSize: reader.number(fields.rootsStepSize),
    minorMultiplier: reader.number(fields.rootsMinorMultiplier),
    majorMultiplier: reader.number(fields.rootsMajorMultiplier),
  };
  const warningsOn = reader.flag(fields.rootsWarningsOn);
  const latestSalt = reader.number(fields.rootsLatestSalt);
  return { scope, registry, metatables, finalizable, collector, warningsOn, latestSalt };
}
