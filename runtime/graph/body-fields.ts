/**
 * Each figure of a body (docs/FORMATS.md, "Snapshots: the body"): what it is, and what limits it.
 * Its readers check by this table, here and in the guest; a row a line, so that both compare.
 */

export type FieldType = "u8" | "u16" | "u32" | "u64" | "i32" | "i64" | "f64" | "bytes";
/** What a figure means, and so which others it might be taken for. */
export type FieldKind =
  | "constant" // one value alone
  | "count" // of what follows, somewhere
  | "length" // of the bytes that follow
  | "id" // of an object
  | "idOrNone"
  | "index" // into what `max` names
  | "indexOrNone"
  | "tag"
  | "enum"
  | "flag"
  | "flags"
  | "salt"
  | "number" // free, but for its limits
  | "bytes";
/** Limits that are not the format's own: how many there are of something in this very body. */
export type FieldLimit =
  | "objects"
  | "names"
  | "arraySlots"
  | "hashSlots" // one more is allowed: `lastfree` may stand behind the last
  | "stackSize"
  | "stackUsed"
  | "instructions"
  | "subject"; // one byte more is allowed
type FieldRow = readonly [
  type: FieldType,
  kind: FieldKind,
  max?: number | FieldLimit,
  min?: number,
];

// biome-ignore format: a row a line, as the guest's table has them
const rows = {
  prologueMagic: ["u32", "constant", 0x4257504c, 0x4257504c],
  prologueVersion: ["u16", "constant", 1, 1],
  prologueScope: ["u8", "enum", 1],
  prologueFlags: ["u8", "flags", 3],
  prologueLuaRelease: ["u32", "constant", 50408, 50408],
  prologueInstructionBytes: ["u8", "constant", 4, 4],
  prologueIntegerBytes: ["u8", "constant", 8, 8],
  prologueFloatBytes: ["u8", "constant", 8, 8],
  prologueZero: ["u8", "constant", 0],
  prologueObjects: ["u32", "count"],
  prologueFunctions: ["u32", "count", "objects"],
  prologueNames: ["u32", "count"],
  prologueHashSeed: ["u32", "number"],
  nameLength: ["u8", "length", 64, 1],
  nameBytes: ["bytes", "bytes"],
  shellTag: ["u8", "tag"],
  shellSalt: ["u16", "salt", 2047],
  stringLength: ["u32", "length"],
  stringBytes: ["bytes", "bytes"],
  tableArraySlots: ["u32", "count", 1048576],
  tableHashBits: ["u8", "indexOrNone", 20],
  luaClosureUpvalues: ["u8", "count"],
  cClosureUpvalues: ["u8", "count", 255, 1],
  userdataKind: ["u8", "enum", 4],
  refusedReason: ["u8", "enum", 7, 1],
  refusedErrorLength: ["u32", "length"],
  refusedErrorBytes: ["bytes", "bytes"],
  namedTableLength: ["u32", "length", 16383],
  namedTableBytes: ["bytes", "bytes"],
  tableHandleId: ["u32", "number"],
  slotTag: ["u8", "tag"],
  slotBoolean: ["u8", "flag", 1],
  slotInteger: ["i64", "number"],
  slotFloat: ["f64", "number"],
  slotReference: ["u32", "id", "objects"],
  slotFunction: ["u16", "index", "names"],
  slotReason: ["u8", "enum", 5, 1],
  tableMetatable: ["u32", "idOrNone", "objects"],
  tableArrayLimit: ["u32", "index", "arraySlots"],
  tableLastFree: ["u32", "index", "hashSlots"],
  nodeTag: ["u8", "tag"],
  nodeDeadKey: ["u32", "idOrNone", "objects"],
  upvalueState: ["u8", "flag", 1],
  upvalueCoroutine: ["u32", "id", "objects"],
  upvalueStackSlot: ["u32", "index", "stackUsed"],
  luaClosurePrototype: ["u32", "id", "objects"],
  luaClosureUpvalue: ["u32", "id", "objects"],
  cClosureFunction: ["u16", "index", "names"],
  rebuiltMaker: ["u32", "id", "objects"],
  coroutineStatus: ["u8", "enum", 5],
  coroutineAllowsHook: ["u8", "flag", 1],
  coroutineHookMask: ["u8", "flags", 15],
  coroutineHookCountBase: ["u32", "number"],
  coroutineHookCount: ["u32", "number"],
  coroutineErrorHandler: ["u32", "index", "stackUsed"],
  coroutineStackSize: ["u32", "count", 15200],
  coroutineStackUsed: ["u32", "count", "stackSize"],
  coroutineVariablesToClose: ["u32", "count", "stackUsed"],
  coroutineVariableToClose: ["u32", "index", "stackUsed"],
  coroutineCalls: ["u32", "count", 15000],
  callFunction: ["u32", "index", "stackUsed"],
  callTop: ["u32", "index", "stackSize"],
  callResults: ["i32", "number", 32767, -32768],
  callStatus: ["u32", "flags", 65535],
  callIsC: ["u8", "flag", 1],
  callInstruction: ["u32", "index", "instructions"],
  callExtraArguments: ["u32", "number", 2147483647],
  callContinuation: ["u16", "indexOrNone", "names"],
  callContext: ["i32", "number", 2, 0],
  callOldErrorHandler: ["u32", "index", "stackUsed"],
  callDetail: ["u32", "number"],
  userdataMetatable: ["u32", "idOrNone", "objects"],
  externalTableId: ["u32", "number", 2147483647],
  iteratorNumber: ["i32", "number", 2147483647, -1],
  randomWord: ["u64", "number"],
  gmatchSubject: ["u32", "id", "objects"],
  gmatchPattern: ["u32", "id", "objects"],
  gmatchPosition: ["u32", "index", "subject"],
  gmatchLastMatch: ["u32", "indexOrNone", "subject"],
  fileNumber: ["u8", "enum", 2],
  fileIsClosed: ["u8", "flag", 1],
  prototypeSource: ["u32", "idOrNone", "objects"],
  prototypeFirstLine: ["u32", "number", 2147483647],
  prototypeLastLine: ["u32", "number", 2147483647],
  prototypeParameters: ["u8", "number"],
  prototypeIsVararg: ["u8", "flag", 1],
  prototypeStackSlots: ["u8", "count"],
  prototypeInstructions: ["u32", "count"],
  prototypeInstruction: ["u32", "number"],
  prototypeConstants: ["u32", "count"],
  prototypeUpvalues: ["u32", "count", 255],
  prototypeUpvalueInStack: ["u8", "flag", 1],
  prototypeUpvalueIndex: ["u8", "index"],
  prototypeUpvalueKind: ["u8", "enum", 3],
  prototypeUpvalueName: ["u32", "idOrNone", "objects"],
  prototypeInner: ["u32", "count"],
  prototypeInnerId: ["u32", "id", "objects"],
  prototypeLineDifferences: ["u32", "count", "instructions"],
  prototypeLineBytes: ["bytes", "bytes"],
  prototypeLines: ["u32", "count"],
  prototypeLineInstruction: ["u32", "number", 2147483647],
  prototypeLine: ["u32", "number", 2147483647],
  prototypeLocals: ["u32", "count"],
  prototypeLocalName: ["u32", "idOrNone", "objects"],
  prototypeLocalStart: ["u32", "number", 2147483647],
  prototypeLocalEnd: ["u32", "number", 2147483647],
  rootsRegistry: ["u32", "id", "objects"],
  rootsMetatable: ["u32", "idOrNone", "objects"],
  rootsFinalizers: ["u32", "count", "objects"],
  rootsFinalizer: ["u32", "id", "objects"],
  rootsIsGenerational: ["u8", "flag", 1],
  rootsIsStopped: ["u8", "flag", 1],
  rootsPause: ["u8", "number"],
  rootsStepMultiplier: ["u8", "number"],
  rootsStepSize: ["u8", "number"],
  rootsMinorMultiplier: ["u8", "number"],
  rootsMajorMultiplier: ["u8", "number"],
  rootsWarningsOn: ["u8", "flag", 1],
  rootsLatestSalt: ["u32", "salt", 2047],
  endMark: ["u32", "constant", 0x4557504c, 0x4557504c],
} as const satisfies Readonly<Record<string, FieldRow>>;

export type FieldName = keyof typeof rows;

export interface BodyField {
  readonly name: FieldName;
  /** The name as words, for messages. */
  readonly words: string;
  readonly type: FieldType;
  readonly kind: FieldKind;
  readonly min: number;
  /** What the type allows where the table says no more. */
  readonly max: number;
  readonly limit: FieldLimit | undefined;
}

/** Bytes of each type; of "bytes" the figure before it tells. */
export const typeBytes = {
  u8: 1,
  u16: 2,
  u32: 4,
  u64: 8,
  i32: 4,
  i64: 8,
  f64: 8,
  bytes: 0,
} as const satisfies Readonly<Record<FieldType, number>>;

export const bodyFields: Readonly<Record<FieldName, BodyField>> = mapped(rows, fieldOf);

/** An object with the same names. */
function mapped<Name extends string, From, To>(
  from: Readonly<Record<Name, From>>,
  make: (name: Name, row: From) => To,
): Readonly<Record<Name, To>> {
  const made: Partial<Record<Name, To>> = {};
  for (const name in from) made[name] = make(name, from[name]);
  // Each of the names was just made.
  return made as Record<Name, To>;
}

function fieldOf(name: FieldName, row: FieldRow): BodyField {
  const [type, kind, max, min] = row;
  const words = name
    .replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    .replace(/\bc\b/, "C")
    .replace(/\blua\b/, "Lua");
  return {
    name,
    words,
    type,
    kind,
    min: min ?? (type === "i32" ? -(2 ** 31) : 0),
    max: typeof max === "number" ? max : typeMax(type),
    limit: typeof max === "string" ? max : undefined,
  };
}

function typeMax(type: FieldType): number {
  return type === "i32" ? 2 ** 31 - 1 : 2 ** (8 * Math.min(4, typeBytes[type])) - 1;
}
