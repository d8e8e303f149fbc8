/** What stands in a graph, in one line of text: keys, values, functions. */

import { LuaFloat, textOf } from "../scalars.ts";
import { latin1Of } from "../table-key.ts";
import type {
  CoroutineObject,
  GraphObject,
  GraphValue,
  ObjectId,
  PrototypeObject,
} from "./graph.ts";

/** Of a string that is shown; the rest is counted. */
const shownBytesMax = 60;
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
      return quoted(object.bytes.toBytes());
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
    case "namedTable": {
      const name = object.name.toBytes();
      return `table ${textOf(name) ?? quoted(name)} where it is read`;
    }
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

function entryCount(table: Extract<GraphObject, { kind: "table" }>): number {
  const inArray = table.array.filter(({ kind }) => kind !== "nil").length;
  const nodes = table.hash?.nodes ?? [];
  const isLive = (node: (typeof nodes)[number]): boolean =>
    node.kind === "entry" && node.value.kind !== "nil";
  return inArray + nodes.filter(isLive).length;
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
  const text = source === undefined ? undefined : stringAt(objects, source);
  if (text === undefined) return "?";
  return /^[@=]/.test(text) ? shortened(text.slice(1)) : JSON.stringify(shortened(text));
}

/** The string of an id, one character for a byte where it is no UTF-8; undefined for no string. */
export function stringAt(objects: Objects, id: ObjectId): string | undefined {
  const object = objects[id];
  if (object?.kind !== "string") return undefined;
  const bytes = object.bytes.toBytes();
  return textOf(bytes) ?? latin1Of(bytes);
}

/** Behind a table's path: `.name`, `["a b"]`, `[3]`, `[table #12]`. */
export function keyText(objects: Objects, key: GraphValue): string {
  if (key.kind !== "reference") return `[${valueText(objects, key)}]`;
  const object = objects[key.id];
  if (object === undefined) return `[object #${key.id}]`;
  if (object.kind !== "string") return `[${kindWords[object.kind] ?? object.kind} #${key.id}]`;
  const text = textOf(object.bytes.toBytes());
  const isName = text !== undefined && identifier.test(text) && !luaKeywords.has(text);
  return isName && text.length <= shownBytesMax
    ? `.${text}`
    : `[${quoted(object.bytes.toBytes())}]`;
}

/** In quotes; bytes that are no UTF-8 as Lua writes them, `\xFF`. */
export function quoted(bytes: Uint8Array): string {
  const text = textOf(bytes);
  if (text !== undefined) {
    return text.length <= shownBytesMax
      ? JSON.stringify(text)
      : `${JSON.stringify(text.slice(0, shownBytesMax).toWellFormed())}… (${bytes.length} bytes)`;
  }
  const shown = [...bytes.subarray(0, shownBytesMax)].map((byte) =>
    byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c
      ? String.fromCharCode(byte)
      : `\\x${byte.toString(16).toUpperCase().padStart(2, "0")}`,
  );
  return `"${shown.join("")}"${bytes.length > shownBytesMax ? `… (${bytes.length} bytes)` : ""}`;
}

function shortened(text: string): string {
  return text.length <= shownBytesMax ? text : `${text.slice(0, shownBytesMax).toWellFormed()}…`;
}
