/** External tables without an instance: Map behaviour, quota, reachability, iterators, imports. */
import { beforeEach, describe, expect, it, vi } from "vitest";
import { statusCodes } from "../abi/abi.ts";
import { EncodeError, QuotaExceededError } from "../check/errors.ts";
import { Environment, type HostOptions } from "../instance/environment.ts";
import { Host } from "../instance/host.ts";
import { tableImports } from "../instance/table-imports.ts";
import { KeyMap } from "../map/key-map.ts";
import { LuaFloat } from "../scalar/scalars.ts";
import { encodeKey, encodeValue } from "../value/encode.ts";
import { ExternalTable, LuaTable } from "../value/values.ts";
import { Tables } from "./tables.ts";

let host: Host;
let tables: Tables;

function begin(options: HostOptions = {}) {
  host = new Host(new Environment(options));
  host.memory.attach(new ArrayBuffer(65_536));
  tables = new Tables(host.tables);
}

beforeEach(() => begin());

describe("an external table", () => {
  it("reads like a Map, with Lua's keys", () => {
    const table = tables.create();
    table
      .set("name", "Alice")
      .set(1, "one")
      .set("1", "text")
      .set(new LuaFloat(1), "1.0")
      .set(true, 2);
    expect([...table]).toEqual([
      ["name", "Alice"],
      [1, "1.0"],
      ["1", "text"],
      [true, 2],
    ]);
    expect([...table.keys()]).toEqual(["name", 1, "1", true]);
    expect([...table.values()]).toEqual(["Alice", "1.0", "text", 2]);
    expect(table.size).toBe(4);
    expect(table.delete(1n)).toBe(true);
    expect(table.delete(1n)).toBe(false);
    expect(table.has(1)).toBe(false);
    expect(table.set("name", undefined).has("name")).toBe(false);
    table.clear();
    expect(table.size).toBe(0);
    expect(tables.used).toEqual({ bytes: 0, entries: 0 });
  });

  it("keeps keys that are dangerous as properties", () => {
    const table = tables.create().set("__proto__", 1).set("constructor", 2);
    expect([...table]).toEqual([
      ["__proto__", 1],
      ["constructor", 2],
    ]);
  });

  it("iterates live", () => {
    const table = tables.create().set(1, 1);
    const seen: unknown[] = [];
    for (const [key] of table) {
      seen.push(key);
      if (key === 1) table.set(2, true).set(3, true).set(4, true);
      if (key === 2) table.delete(3);
    }
    expect(seen).toEqual([1, 2, 4]);
  });

  it("is the same object each time, and home is table 1", () => {
    expect(tables.home).toBe(tables.get(1));
    expect(tables.named("_home")).toBe(tables.home);
    expect(tables.named("a")).toBe(tables.named("a"));
    expect(tables.named("a").name).toBe("a");
    expect(tables.get(99)).toBeUndefined();
    expect(() => tables.named("")).toThrow(EncodeError);
  });

  it("refuses another core's table", () => {
    const foreign = new Tables(new Host(new Environment({})).tables).create();
    expect(() => tables.home.set("x", foreign)).toThrow(EncodeError);
  });
});

describe("the quota", () => {
  it("refuses one entry too many, and changes nothing", () => {
    begin({ quota: { maxEntries: 2 } });
    tables.home.set(1, "a").set(2, "b");
    expect(() => tables.home.set(3, "c")).toThrow(QuotaExceededError);
    expect([...tables.home]).toEqual([
      [1, "a"],
      [2, "b"],
    ]);
    tables.home.set(1, "replaced").delete(2);
    tables.create().set(3, "c");
    expect(tables.used.entries).toBe(2);
  });

  it("refuses more entries than one table can have, and takes another value for one", () => {
    tables.home.set("a", 1);
    const size = vi.spyOn(KeyMap.prototype, "size", "get").mockReturnValue(15_000_000);
    expect(() => tables.home.set("b", 1)).toThrow(QuotaExceededError);
    tables.home.set("a", 2);
    size.mockReturnValue(14_999_999);
    tables.home.set("c", 3);
    size.mockRestore();
    expect([...tables.home]).toEqual([
      ["a", 2],
      ["c", 3],
    ]);
  });

  it("counts encoded bytes, and smaller values always fit", () => {
    begin({ quota: { maxBytes: 512 + 112 + 9 + 15 } });
    tables.home.set(1, "0123456789");
    expect(tables.used.bytes).toBe(512 + 112 + 9 + 15);
    expect(() => tables.home.set(1, "01234567890")).toThrow(QuotaExceededError);
    expect(tables.home.get(1)).toBe("0123456789");
    tables.home.set(1, "");
    expect(tables.used.bytes).toBe(512 + 112 + 9 + 5);
    tables.home.delete(1);
    expect(tables.used).toEqual({ bytes: 0, entries: 0 });
  });

  it("counts what having entries, references and long keys takes, and gives it back", () => {
    begin({});
    const { home } = tables;
    const other = tables.create();
    const before = tables.used.bytes;
    home.set("a", other).set("b", other).set("k".repeat(20_000), 1);
    const filled = 512 + 640 + 2 * (6 + 5 + 112 + 272 + 8) + 2 * 20_005 + 9 + 112;
    expect(tables.used.bytes).toBe(before + filled);
    home.set("a", 1);
    home.delete("b");
    expect(tables.used.bytes).toBe(before + 512 + (6 + 9 + 112) + 2 * 20_005 + 9 + 112);
    home.clear();
    expect(tables.used).toEqual({ bytes: 0, entries: 0 });
    for (const [key, value] of [
      ["x", other],
      ["x", 1],
      ["y", other],
      ["y", undefined],
    ] as const) {
      home.set(key, value);
    }
    home.delete("x");
    expect(tables.used).toEqual({ bytes: 0, entries: 0 });
  });

  it("takes a collected table again with all that it refers to, or none of it", () => {
    begin({ quota: { maxBytes: 10_000 } });
    const [outer, inner] = [tables.create(), tables.create()];
    inner.set("big", "x".repeat(6_000));
    outer.set("inner", inner);
    tables.collect();
    tables.home.set("kept", "y".repeat(5_000));
    const before = tables.used;
    expect(() => tables.home.set("outer", outer)).toThrow(QuotaExceededError);
    expect([...tables]).toEqual([tables.home]);
    expect(tables.used).toEqual(before);
    tables.home.delete("kept");
    tables.home.set("outer", outer);
    expect([...tables]).toHaveLength(3);
  });

  it("refuses a value that loses a table while it is read, and keeps the old one", () => {
    begin({});
    tables.home.set("key", "old");
    const list = [
      tables.create(),
      {
        get now() {
          tables.collect();
          return 1;
        },
      },
    ];
    expect(() => tables.home.set("key", list)).toThrow(EncodeError);
    expect(tables.home.get("key")).toBe("old");
  });
});

describe("reachability", () => {
  it("keeps what _home and named tables reach, over nested values", () => {
    const [direct, nested, lost] = [tables.create(), tables.create(), tables.create()];
    tables.home.set("direct", direct);
    direct.set("deep", new LuaTable([["list", new LuaTable([[1, nested]])]]));
    nested.set("back", direct);
    lost.set("self", lost);
    expect(tables.collect()).toBe(1);
    expect(tables.get(nested.id)).toBe(nested);
    expect(tables.get(lost.id)).toBeUndefined();
    tables.home.delete("direct");
    expect(tables.collect()).toBe(2);
    expect([...tables]).toEqual([tables.home]);
  });

  it("lets a collected table go on as a Map, with what it refers to, and takes it back", () => {
    const parent = tables.create();
    const child = tables.create().set("x", 1);
    parent.set("child", child);
    expect(tables.collect()).toBe(2);
    expect(tables.used.entries).toBe(0);
    expect(parent.get("child")).toBe(child);
    child.set("y", 2);
    tables.home.set("parent", parent);
    expect(tables.get(child.id)).toBe(child);
    expect(tables.used.entries).toBe(4);
    expect(tables.collect()).toBe(0);
  });

  it("keeps tables on which Lua has a handle", () => {
    const { js_ext_table_retain: retain, js_ext_table_release: release } = tableImports(host);
    const table = tables.create();
    expect(retain?.(table.id)).toBe(0);
    tables.collect();
    expect(tables.get(table.id)).toBe(table);
    expect(release?.(table.id)).toBe(0);
    expect(release?.(table.id)).toBe(statusCodes.UNKNOWN_TABLE);
    host.tables.collectIfDue();
    expect(tables.get(table.id)).toBeUndefined();
    expect(retain?.(table.id)).toBe(statusCodes.UNKNOWN_TABLE);
  });
});

describe("the imports", () => {
  const write = (at: number, bytes: Uint8Array) => {
    host.memory.range(at, bytes.length)?.set(bytes);
    return [at, bytes.length] as const;
  };
  const call = (name: string, ...figures: number[]) => {
    const answer = tableImports(host)[name];
    if (answer === undefined) throw new Error(`no import ${name}`);
    return answer(...figures);
  };
  const key = (value: string | number) => write(100, encodeKey(value));
  const value = (given: Parameters<typeof encodeValue>[0]) =>
    write(1000, encodeValue(given, host.tables.idOf));

  it("set, get and delete", () => {
    expect(call("js_ext_table_set", 1, ...key("k"), ...value("v"))).toBe(0);
    expect(tables.home.get("k")).toBe("v");
    expect(call("js_ext_table_get", 1, ...key("k"), 2000, 100)).toBe(6);
    expect(host.memory.range(2000, 6)).toEqual(encodeValue("v", () => 0));
    expect(call("js_ext_table_get", 1, ...key("k"), 3000, 5)).toBe(6);
    expect(host.memory.range(3000, 6)).toEqual(new Uint8Array(6));
    expect(call("js_ext_table_get", 1, ...key("none"), 2000, 100)).toBe(0);
    expect(call("js_ext_table_delete", 1, ...key("k"))).toBe(0);
    expect(call("js_ext_table_delete", 1, ...key("k"))).toBe(0);
    expect(call("js_ext_table_size", 1)).toBe(0);
  });

  it("answer for what does not lie in the memory", () => {
    expect(call("js_ext_table_set", 1, 65_530, 10, ...value("v"))).toBe(statusCodes.INVALID_SIZE);
    expect(call("js_ext_table_get", 1, ...key("k"), -8, 16)).toBe(statusCodes.INVALID_SIZE);
    expect(call("js_ext_table_keys", 1, 0, 65_537)).toBe(statusCodes.INVALID_SIZE);
    expect(call("js_ext_table_open", -1, 2)).toBe(statusCodes.INVALID_SIZE);
  });

  it("refuse what is no key, no value, no table", () => {
    expect(call("js_ext_table_set", 1, ...value([]), ...value(1))).toBe(statusCodes.BAD_VALUE);
    expect(call("js_ext_table_set", 1, ...key(1), ...write(1000, new Uint8Array([0x19, 0])))).toBe(
      statusCodes.BAD_VALUE,
    );
    const unknown = write(1000, new Uint8Array([0x0a, 77, 0, 0, 0]));
    expect(call("js_ext_table_set", 1, ...key(1), ...unknown)).toBe(statusCodes.UNKNOWN_TABLE);
    expect(call("js_ext_table_size", 77)).toBe(statusCodes.UNKNOWN_TABLE);
    expect(tables.home.size).toBe(0);
  });

  it("iterate live, and do not advance past what did not fit", () => {
    tables.home.set("a", 1).set("b", 2);
    const iterator = Number(call("js_iter_open", 1));
    expect(call("js_iter_next", iterator, 2000, 3)).toBe(6 + 9);
    expect(call("js_iter_next", iterator, 2000, 100)).toBe(6 + 9);
    tables.home.delete("b");
    tables.home.set("c", true);
    expect(call("js_iter_next", iterator, 2000, 0)).toBe(6 + 2);
    tables.home.delete("c");
    tables.home.set("d", true);
    expect(call("js_iter_next", iterator, 2000, 100)).toBe(6 + 2);
    expect(host.memory.range(2005, 1)).toEqual(new TextEncoder().encode("d"));
    expect(call("js_iter_next", iterator, 2000, 100)).toBe(0);
    expect(call("js_iter_close", iterator)).toBe(0);
    expect(call("js_iter_next", iterator, 2000, 100)).toBe(statusCodes.UNKNOWN_TABLE);
  });

  it("open tables by name, and new ones without", () => {
    const name = new TextEncoder().encode("inventory");
    const id = call("js_ext_table_open", ...write(0, name));
    expect(tables.named("inventory").id).toBe(id);
    expect(call("js_ext_table_open", 0, 0)).not.toBe(call("js_ext_table_open", 0, 0));
    expect(tables.named("inventory")).toBeInstanceOf(ExternalTable);
  });
});
