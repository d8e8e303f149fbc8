/** Where an entry of an external table is, for a person: `_home.config`, `(table 7)[2]`. */
import { decodeValue } from "../core/decode.ts";
import { LuaBytes, lenientTextOf } from "../core/scalars.ts";
import { cut } from "../core/shown.ts";
import { memberText } from "../core/snapshot/value-text.ts";
import { bytesOfLatin1 } from "../core/table-key.ts";
import type { TableStore } from "../core/table-store.ts";

const nameMax = 60;

/** `key`: as it is kept, encoded, one character for each byte. */
export function entryPath({ id, name }: Pick<TableStore, "id" | "name">, key: string): string {
  const table = name === undefined ? `(table ${id})` : lenientTextOf(bytesOfLatin1(name));
  const decoded = decodeValue(bytesOfLatin1(key), {
    ...{ integers: "bigint", strings: "bytes", tableOf: () => undefined },
  });
  const step = decoded instanceof LuaBytes ? memberText(decoded) : `[${String(decoded)}]`;
  return `${cut(table, nameMax)}${step}`;
}
