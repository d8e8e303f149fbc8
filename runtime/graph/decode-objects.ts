/** Decodes the contents of each kind of object behind its shell. */
import { DecodeError } from "../check/errors.ts";
import type { LuaBytes } from "../scalar/scalars.ts";
import { isIntegral64 } from "../scalar/table-key.ts";
import { bodyFields as fields } from "./body-fields.ts";
import {
  deadKeyTag,
  metatableKinds,
  noId,
  slotTags,
  standardFiles,
  upvalueStates,
  valueKinds,
} from "./body-format.ts";
import type { BodyReader, ObjectKind } from "./body-reader.ts";
import { coroutineOf } from "./decode-coroutine.ts";
import { prototypeOf } from "./decode-prototype.ts";
import type {
  GraphObject,
  GraphValue,
  HashNode,
  NamedTableObject,
  RefusedObject,
  TableHandleObject,
  TableObject,
  UpvalueObject,
  UserdataContent,
  UserdataObject,
} from "./graph.ts";

/** What is known of an object before the contents of any are read. */
export type Shell =
  | { readonly kind: "string"; readonly bytes: LuaBytes }
  | TableShell
  | {
      readonly kind: "luaClosure" | "cClosure";
      readonly salt: number;
      readonly upvalueCount: number;
    }
  | { readonly kind: "coroutine" | "mainThread" | "rebuilt"; readonly salt: number }
  | UserdataShell
  | RefusedObject
  | NamedTableObject
  | TableHandleObject
  | { readonly kind: "upvalue" | "prototype" };

interface TableShell {
  readonly kind: "table";
  readonly salt: number;
  readonly hasFinalizer: boolean;
  readonly arrayCount: number;
  /** undefined: it has no hash part. */
  readonly hashCount: number | undefined;
}

interface UserdataShell {
  readonly kind: "userdata";
  readonly salt: number;
  readonly hasFinalizer: boolean;
  readonly type: UserdataContent["kind"];
}

const allKinds: ReadonlySet<ObjectKind> = new Set([...valueKinds, "upvalue", "prototype"]);
const freeNode: HashNode = Object.freeze({ kind: "free" });
const threadKinds: ReadonlySet<ObjectKind> = new Set(["coroutine", "mainThread"]);

/** Throws DecodeError for contents that are not those of the shell. */
export function contentOf(reader: BodyReader, shell: Shell): GraphObject {
  switch (shell.kind) {
    case "string":
    case "refused":
    case "namedTable":
    case "tableHandle":
      return shell;
    case "table":
      return tableOf(reader, shell);
    case "upvalue":
      return upvalueOf(reader);
    case "luaClosure": {
      const { kind, salt, upvalueCount } = shell;
      const prototype = reader.id(fields.luaClosurePrototype, "prototype");
      const upvalues = reader.list(upvalueCount, () =>
        reader.id(fields.luaClosureUpvalue, "upvalue"),
      );
      return { kind, salt, prototype, upvalues };
    }
    case "cClosure": {
      const { kind, salt, upvalueCount } = shell;
      const name = reader.name(fields.cClosureFunction);
      return { kind, salt, name, upvalues: reader.list(upvalueCount, () => reader.slot()) };
    }
    case "coroutine":
    case "mainThread":
      return coroutineOf(reader, shell.kind, shell.salt);
    case "userdata":
      return userdataOf(reader, shell);
    case "rebuilt":
      return {
        kind: shell.kind,
        salt: shell.salt,
        rebuilder: reader.id(fields.rebuiltMaker, "luaClosure"),
      };
    case "prototype":
      return prototypeOf(reader);
  }
}

function tableOf(reader: BodyReader, shell: TableShell): TableObject {
  const { kind, salt, hasFinalizer, arrayCount, hashCount } = shell;
  const metatable = reader.optionalId(fields.tableMetatable, metatableKinds);
  const arrayLimit = reader.upTo(fields.tableArrayLimit, arrayCount);
  const lastFree = hashCount === undefined ? 0 : reader.upTo(fields.tableLastFree, hashCount);
  if (arrayCount + (hashCount ?? 0) > reader.bytes.left) {
    throw new DecodeError(`${arrayCount} + ${hashCount ?? 0} slots, ${reader.bytes.left} bytes`);
  }
  const array = reader.list(arrayCount, () => reader.slot());
  const hash =
    hashCount === undefined
      ? undefined
      : { lastFree, nodes: reader.list(hashCount, () => hashNodeOf(reader)) };
  return { kind, salt, hasFinalizer, metatable, arrayLimit, array, hash };
}

function hashNodeOf(reader: BodyReader): HashNode {
  const tag = reader.number(fields.nodeTag);
  if (tag === slotTags.nil) return freeNode;
  if (tag === deadKeyTag) {
    // Snapshots of before have any object there that had come to lie where the key was.
    return { kind: "dead", key: reader.optionalId(fields.nodeDeadKey, allKinds) };
  }
  const key = reader.slotOf(tag);
  checkKey(key);
  return { kind: "entry", key, value: reader.slot() };
}

/** Lua turns an integral float into an integer before it is a key, and refuses NaN. */
function checkKey(key: GraphValue): void {
  if (key.kind !== "float") return;
  if (Number.isNaN(key.value)) throw new DecodeError("NaN is a key");
  if (isIntegral64(key.value)) throw new DecodeError(`the float ${key.value} is a key`);
}

function upvalueOf(reader: BodyReader): UpvalueObject {
  if (reader.number(fields.upvalueState) === upvalueStates.closed) {
    return { kind: "upvalue", state: "closed", value: reader.slot() };
  }
  const coroutine = reader.id(fields.upvalueCoroutine, threadKinds);
  const stackSlot = reader.number(fields.upvalueStackSlot);
  return { kind: "upvalue", state: "open", coroutine, stackSlot };
}

function userdataOf(reader: BodyReader, shell: UserdataShell): UserdataObject {
  const { kind, salt, hasFinalizer } = shell;
  const metatable = reader.optionalId(fields.userdataMetatable, metatableKinds);
  return { kind, salt, hasFinalizer, metatable, content: userdataContent(reader, shell.type) };
}

function userdataContent(reader: BodyReader, kind: UserdataContent["kind"]): UserdataContent {
  switch (kind) {
    case "externalTable":
      return { kind, table: reader.number(fields.externalTableId) };
    case "iterator":
      return { kind, number: reader.number(fields.iteratorNumber) };
    case "random": {
      const word = (): bigint => BigInt.asUintN(64, reader.bits(fields.randomWord));
      return { kind, words: [word(), word(), word(), word()] };
    }
    case "gmatch": {
      const subject = reader.id(fields.gmatchSubject, "string");
      const pattern = reader.id(fields.gmatchPattern, "string");
      const position = reader.number(fields.gmatchPosition);
      const lastMatch = reader.orNone(fields.gmatchLastMatch, noId);
      return { kind, subject, pattern, position, lastMatch };
    }
    case "file": {
      const file = standardFiles[reader.number(fields.fileNumber)];
      if (file === undefined) throw new DecodeError("a file that is not known");
      return { kind, file, isClosed: reader.flag(fields.fileIsClosed) };
    }
  }
}
