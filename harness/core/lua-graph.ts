/** A stored value that holds functions or metatables, as JavaScript sees it: bytes, readable. */
import { DecodeError, EncodeError } from "./errors.ts";
import type { ExternalTable } from "./external-table.ts";
import { decodeBody, outlineOfValue } from "./snapshot/decode-body.ts";
import type { SnapshotGraph } from "./snapshot/graph.ts";
import { showGraph } from "./snapshot/show.ts";

/**
 * What an external table's entry holds where Lua stored a function, or a table with a metatable.
 * JavaScript can read it and set it into another table; only Lua can call it. Immutable.
 */
export class LuaGraph {
  /** Lua functions in it: from elsewhere than this core, they are code that somebody wrote. */
  readonly functionCount: number;
  readonly #body: Uint8Array<ArrayBuffer>;
  readonly #tables: readonly ExternalTable[];

  /** Applications get theirs from an external table. Throws DecodeError for no value's body. */
  constructor(body: Uint8Array, tableOf: (id: number) => ExternalTable) {
    const { functionCount, tables } = outlineOfValue(body);
    this.functionCount = functionCount;
    this.#body = new Uint8Array(body);
    this.#tables = tables.map(tableOf);
  }

  /** The external tables that it refers to. */
  get tables(): readonly ExternalTable[] {
    return this.#tables;
  }

  /** A copy of the body (docs/FORMATS.md). */
  toBytes(): Uint8Array<ArrayBuffer> {
    return this.#body.slice();
  }

  equals(other: LuaGraph): boolean {
    if (Object(other) !== other || !(#body in other)) return false;
    const bytes = other.#body;
    return this.#body.length === bytes.length && this.#body.every((byte, i) => byte === bytes[i]);
  }

  /** All that it holds. Throws DecodeError for bytes that are damaged behind their objects. */
  graph(): SnapshotGraph {
    const result = decodeBody(this.#body);
    if (!result.ok) throw new DecodeError(result.reason);
    return result.graph;
  }

  /** What it holds, a line for each thing: a thousand, and how many more. Throws as `graph`. */
  toString(): string {
    return showGraph(this.graph());
  }

  /** The body, for a core in which its tables have these ids. Throws EncodeError for another. */
  bodyFor(tableIds: (table: ExternalTable) => number): Uint8Array {
    for (const table of this.#tables) {
      if (tableIds(table) === table.id) continue;
      throw new EncodeError(`external table ${table.id} has another id here`);
    }
    return this.#body;
  }
}
