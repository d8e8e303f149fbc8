/** How a check's message shows a value: exact, on one line, shortened. */

import { LuaBytes, LuaFloat } from "../../runtime/scalar/scalars.ts";
import { ExternalTable, LuaTable } from "../../runtime/value/values.ts";

const stringLengthMax = 160;
const textLengthMax = 600;
const itemsMax = 8;
const depthMax = 3;

export function show(value: unknown): string {
  const text = shown(value, 0);
  return text.length <= textLengthMax ? text : `${text.slice(0, textLengthMax)}…`;
}

function stringShown(value: string): string {
  if (value.length <= stringLengthMax) return JSON.stringify(value);
  return `${JSON.stringify(value.slice(0, stringLengthMax))}… (${value.length} characters)`;
}

function shown(value: unknown, depth: number): string {
  switch (typeof value) {
    case "string":
      return stringShown(value);
    case "number":
      return Object.is(value, -0) ? "-0" : String(value);
    case "bigint":
      return `${value}n`;
    case "object":
      return value === null ? "null" : objectShown(value, depth);
    case "function":
      return `function ${value.name}`;
    default:
      return String(value);
  }
}

function objectShown(value: object, depth: number): string {
  if (value instanceof LuaFloat) return `LuaFloat ${value.toString()}`;
  if (value instanceof LuaBytes) return `LuaBytes ${hex(value.toBytes())}`;
  if (value instanceof Uint8Array) return `bytes ${hex(value)}`;
  if (value instanceof ExternalTable) return `external table ${value.id}`;
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (depth >= depthMax) return "…";
  if (Array.isArray(value)) return `[${items(value, (item) => shown(item, depth + 1))}]`;
  const isMap = value instanceof LuaTable || value instanceof Map;
  const entries: [unknown, unknown][] = isMap
    ? [...value].map(([k, v]) => [k, v])
    : Object.entries(value);
  const text = items(
    entries,
    ([key, item]) => `${shown(key, depth + 1)}: ${shown(item, depth + 1)}`,
  );
  return value instanceof LuaTable ? `LuaTable {${text}}` : `{${text}}`;
}

function items<Item>(list: readonly Item[], textOf: (item: Item) => string): string {
  const texts = list.slice(0, itemsMax).map(textOf);
  if (list.length > itemsMax) texts.push(`… ${list.length - itemsMax} more`);
  return texts.join(", ");
}

function hex(bytes: Uint8Array): string {
  const digits = [...bytes.subarray(0, 32)].map((byte) => byte.toString(16).padStart(2, "0"));
  return `${digits.join(" ")}${bytes.length > 32 ? ` … (${bytes.length} bytes)` : ""}`;
}
