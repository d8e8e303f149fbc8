/** What stands in a graph, in one short line of text: keys, values, functions. */

import { latin1Of } from "../bytes/latin1.ts";
import { cut } from "../check/shown.ts";
import { type LuaBytes, LuaFloat, textOf } from "../scalar/scalars.ts";
import type {
  CoroutineObject,
  GraphObject,
  GraphValue,
  ObjectId,
  PrototypeObject,
  TableObject,
} from "./graph.ts";

/** Of a string or name that is shown; the rest is counted. */
const shownMax = 60;
/** So many bytes hold what is shown: no more are looked at, however long a string is. */
const headBytesMax = shownMax * 4;
const identifier = /^[A-Za-z_][A-Za-z0-9_]*$/;
const luaKeywords = new Set(
  (
    "and break do else elseif end false for function goto if in local nil not or repeat return " +
    "then true until while"
  ).split(" "),
);

/** Where the word that people use is another. */
const kindWords: Partial<Record<GraphObject["kind"], string>> = {
  luaClosure: "function",
  cClosure: "function",
  mainThread: "main thread",
  namedTable: "table",
  tableHandle: "external table",
};

export type Objects = readonly GraphObject[];

/** `3`, `"text"`, `table (2 entries)`, `function <counter.lua:1>`. */
export function valueText(objects: Objects, value: GraphValue): string {
  switch (value.kind) {
    case "nil":
      return "nil";
    case "boolean":
    case "integer":
      return String(value.value);
    case "float":
      return new LuaFloat(value.value).toString();
    case "cFunction":
      return `C function ${value.name}`;
    case "refused":
      return `(not saved: ${value.refusal})`;
    case "reference": {
      const object = objects[value.id];
      return object === undefined ? `object ${value.id}` : objectText(objects, object);
    }
  }
}

export function objectText(objects: Objects, object: GraphObject): string {
  switch (object.kind) {
    case "string":
      return quoted(object.bytes);
    case "table":
      return entriesText(entryCount(object));
    case "luaClosure": {
      const prototype = objects[object.prototype];
      return prototype === undefined ? "function" : objectText(objects, prototype);
    }
    case "cClosure":
      return `C function ${object.name}`;
    case "prototype":
      return `function <${sourceText(objects, object.source)}:${object.firstLine}>`;
    case "coroutine":
    case "mainThread":
      return coroutineText(object);
    case "userdata":
      return userdataText(object.content);
    case "namedTable":
      return `table ${nameText(object.name) ?? quoted(object.name)} where it is read`;
    case "tableHandle":
      return `external table ${object.table}`;
    case "rebuilt":
      return "object that its __persist rebuilds";
    case "refused":
      return `(not saved: ${object.refusal})`;
    case "upvalue":
      return object.state === "closed"
        ? valueText(objects, object.value)
        : `variable at stack[${object.stackSlot}]`;
  }
}

function entriesText(count: number): string {
  return `table (${count} ${count === 1 ? "entry" : "entries"})`;
}

/** Counted once: many values may refer to one large table. */
const entryCounts = new WeakMap<TableObject, number>();

function entryCount(table: TableObject): number {
  const known = entryCounts.get(table);
  if (known !== undefined) return known;
  let count = 0;
  for (const { kind } of table.array) if (kind !== "nil") count += 1;
  for (const node of table.hash?.nodes ?? []) {
    if (node.kind === "entry" && node.value.kind !== "nil") count += 1;
  }
  entryCounts.set(table, count);
  return count;
}

function coroutineText({ kind, status, calls }: CoroutineObject): string {
  const name = kind === "mainThread" ? "main thread" : "coroutine";
  const state = ["at rest", "suspended"][status] ?? `failed with status ${status}`;
  return `${name} (${state}, ${calls.length} ${calls.length === 1 ? "call" : "calls"})`;
}

function userdataText(content: Extract<GraphObject, { kind: "userdata" }>["content"]): string {
  switch (content.kind) {
    case "externalTable":
      return `external table ${content.table}`;
    case "iterator":
      return content.number < 0
        ? "iterator of an external table, at its end"
        : `iterator ${content.number} of an external table`;
    case "random":
      return `random state ${content.words.map((word) => word.toString(16)).join(" ")}`;
    case "gmatch":
      return `gmatch at byte ${content.position}, last match ${content.lastMatch ?? "none"}`;
    case "file":
      return `file ${content.file}${content.isClosed ? " (closed)" : ""}`;
  }
}

/** "counter.lua" of "@counter.lua", as Lua shows it; a chunk's own text in quotes. */
export function sourceText(objects: Objects, source: PrototypeObject["source"]): string {
  const text = source === undefined ? undefined : shortTextAt(objects, source);
  if (text === undefined) return "?";
  return /^[@=]/.test(text) ? text.slice(1) : JSON.stringify(text);
}

/**
 * The beginning of the string of an id, one character for a byte where it is no UTF-8; undefined
 * for no string.
 */
export function shortTextAt(objects: Objects, id: ObjectId): string | undefined {
  const object = objects[id];
  if (object?.kind !== "string") return undefined;
  return nameText(object.bytes) ?? cut(latin1Of(object.bytes.toBytes(shownMax + 1)), shownMax);
}

/** Behind a table's path: `.name`, `["a b"]`, `[3]`, `[table #12]`. */
export function keyText(objects: Objects, key: GraphValue): string {
  if (key.kind !== "reference") return `[${valueText(objects, key)}]`;
  const object = objects[key.id];
  if (object === undefined) return `[object #${key.id}]`;
  if (object.kind !== "string") return `[${kindWords[object.kind] ?? object.kind} #${key.id}]`;
  return memberText(object.bytes);
}

/** A key that is a string, as Lua's programs write it: `.name`, `["two words"]`. */
export function memberText(key: LuaBytes): string {
  const text = key.length <= shownMax ? headOf(key) : undefined;
  const isName = text !== undefined && identifier.test(text) && !luaKeywords.has(text);
  return isName ? `.${text}` : `[${quoted(key)}]`;
}

/** In quotes; bytes that are no UTF-8 as Lua writes them, `\xFF`. */
function quoted(bytes: LuaBytes): string {
  const text = headOf(bytes);
  if (text !== undefined) {
    return bytes.length <= headBytesMax && text.length <= shownMax
      ? JSON.stringify(text)
      : `${JSON.stringify(text.slice(0, shownMax).toWellFormed())}… (${bytes.length} bytes)`;
  }
  const shown = [...bytes.toBytes(shownMax)].map((byte) =>
    byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c
      ? String.fromCharCode(byte)
      : `\\x${byte.toString(16).toUpperCase().padStart(2, "0")}`,
  );
  return `"${shown.join("")}"${bytes.length > shownMax ? `… (${bytes.length} bytes)` : ""}`;
}

/** The text, cut where it is long; undefined for what is no UTF-8. */
function nameText(bytes: LuaBytes): string | undefined {
  const text = headOf(bytes);
  return text === undefined ? undefined : cut(text, shownMax);
}

/** The text of the first bytes; undefined when they are no UTF-8. */
function headOf(bytes: LuaBytes): string | undefined {
  const head = bytes.toBytes(headBytesMax);
  const text = textOf(head);
  if (text !== undefined || bytes.length <= headBytesMax) return text;
  // The cut may have gone through a character, which has four bytes at most.
  for (const less of [1, 2, 3]) {
    const shorter = textOf(head.subarray(0, -less));
    if (shorter !== undefined) return shorter;
  }
  return undefined;
}
