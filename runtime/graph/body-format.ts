/** The figures of a body's format (docs/FORMATS.md, "Body"), for its reader and its writer. */
import type { GraphObject, Refusal, UserdataContent } from "./graph.ts";

export const bodyVersion = 1;
export const bodyBegin = "LPWB";
export const bodyEnd = "LPWE";
export const scopes = { state: 0, value: 1 } as const;
export const bodyFlags = { debugInformation: 1, refusals: 2 } as const;
/** Bytes of an instruction, an integer, a float; the last byte is 0. */
export const figureSizes: readonly number[] = [4, 8, 8, 0];

/** No id, no last match, no continuation. */
export const noId = 0xffff_ffff;
export const noName = 0xffff;
/** Of hash slots: the table has none, not even one. */
export const noHash = 0xff;

export const slotTags = {
  nil: 0x00,
  boolean: 0x01,
  integer: 0x02,
  float: 0x03,
  reference: 0x06,
  cFunction: 0x1a,
  refused: 0xff,
} as const;
/** In place of a key. A free node has the tag of nil. */
export const deadKeyTag = 0x08;

export const objectTags = {
  string: 0x04,
  table: 0x05,
  upvalue: 0x07,
  luaClosure: 0x0b,
  cClosure: 0x0c,
  coroutine: 0x0d,
  userdata: 0x0e,
  mainThread: 0x0f,
  rebuilt: 0x10,
  refused: 0x11,
  namedTable: 0x12,
  tableHandle: 0x13,
  prototype: 0x19,
} as const satisfies Readonly<Record<GraphObject["kind"], number>>;
/** What only a body of that scope has. */
export const kindsOfScope = {
  state: ["coroutine", "userdata", "mainThread", "rebuilt"],
  value: ["namedTable", "tableHandle"],
} as const satisfies Readonly<Record<keyof typeof scopes, readonly GraphObject["kind"][]>>;
export const finalizerBit = 0x80;

export const userdataTypes: readonly UserdataContent["kind"][] = [
  "externalTable",
  "iterator",
  "random",
  "gmatch",
  "file",
];

export const standardFiles = ["stdin", "stdout", "stderr"] as const;
export const collectorModes = ["incremental", "generational"] as const;
export const calleeTags = { lua: 0, c: 1 } as const;
/** Lua's `CIST_C`. */
export const callStatusBits = { c: 2 } as const;
export const upvalueStates = { closed: 0, open: 1 } as const;

/** By number: 1 is the first. */
export const refusals: readonly Refusal[] = [
  "a C function that no name is known of",
  "light userdata",
  "userdata of a foreign kind",
  "__persist is false",
  "a coroutine that can't be saved",
  "its __persist failed",
  "made while the state was saved",
];

/** What a slot may refer to; upvalues and prototypes are no values. */
export const valueKinds: ReadonlySet<GraphObject["kind"]> = new Set([
  "string",
  "table",
  "luaClosure",
  "cClosure",
  "coroutine",
  "mainThread",
  "userdata",
  "rebuilt",
  "refused",
  "namedTable",
  "tableHandle",
]);

/** What a metatable may be. */
export const metatableKinds: ReadonlySet<GraphObject["kind"]> = new Set([
  "table",
  "rebuilt",
  "namedTable",
]);
