/** Where an entry of an external table is, for a person: `_home.config`, `(table 7)[2]`. */

import { bytesOfLatin1 } from "../bytes/latin1.ts";
import { cut } from "../check/shown.ts";
import { memberText } from "../graph/value-text.ts";
import { LuaBytes, lenientTextOf } from "../scalar/scalars.ts";
import type { TableStore } from "../table/table-store.ts";
import { decodeValue } from "../value/decode.ts";

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
