/** What a state needs of its host, carried from one host to another: functions, handles, loops. */
import fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { statusCodes } from "../abi/abi.ts";
import { latin1Of } from "../bytes/latin1.ts";
import { Environment } from "../instance/environment.ts";
import { Host } from "../instance/host.ts";
import type { TableStore } from "../table/table-store.ts";
import { encodeKey, encodeList } from "../value/encode.ts";
import { hostSectionOf, missingFor, putHandles, putHostSection } from "./host-state.ts";

let environment: Environment;
let host: Host;
const room = new Uint8Array(100);
const keyOf = (name: string) => latin1Of(encodeKey(name));

beforeEach(() => {
  environment = new Environment({});
  host = new Host(environment);
});

/** A table without a name. */
function tableWith(...keys: readonly string[]): TableStore {
  const store = environment.tables.create();
  for (const key of keys) put(store, key);
  return store;
}

function put(store: TableStore, key: string): void {
  environment.tables.put(store, { key: keyOf(key), value: "\x00" });
}

function remove(store: TableStore, key: string): void {
  environment.tables.remove(store, keyOf(key));
}

/** The next key of a loop; undefined at its end, "error" when there is no such iterator. */
function step(on: Host, iterator: number): string | undefined {
  const length = on.iterators.next(iterator, room);
  if (length === undefined) return "error";
  return length === 0 ? undefined : new TextDecoder().decode(room.subarray(5, length - 1));
}

function stepAll(on: Host, iterator: number): readonly string[] {
  const keys: string[] = [];
  for (let key = step(on, iterator); key !== undefined; key = step(on, iterator)) {
    keys.push(key);
    if (key === "error") break;
  }
  return keys;
}

/** Another host of the same environment, with what the section says. */
function successor(): Host {
  const section = hostSectionOf(host);
  expect(missingFor(section, environment)).toBeUndefined();
  const next = new Host(environment);
  putHostSection(next, section);
  return next;
}

describe("a loop over an external table", () => {
  it("goes on where it was, and under its number", () => {
    const store = tableWith("a", "b", "c", "d");
    const [first, second, fresh] = [1, 2, 3].map(() => host.iterators.open(store));
    for (let i = 0; i < 3; i++) step(host, first ?? 0);
    step(host, second ?? 0);
    const next = successor();
    expect(stepAll(next, first ?? 0)).toEqual(["d"]);
    expect(stepAll(next, second ?? 0)).toEqual(["b", "c", "d"]);
    expect(stepAll(next, fresh ?? 0)).toEqual(["a", "b", "c", "d"]);
    expect(next.iterators.open(store)).toBe(4);
    expect(stepAll(host, second ?? 0)).toEqual(["b", "c", "d"]);
  });

  it("does not notice that its place was asked for", () => {
    const store = tableWith("a", "b", "c");
    const other = new Host(environment);
    const asked = host.iterators.open(store);
    const unasked = other.iterators.open(store);
    step(host, asked);
    step(other, unasked);
    const place = host.iterators.places()[0];
    expect(place).toEqual({ ids: [asked], tableId: store.id, nextKey: keyOf("b") });
    // The next one is deleted and comes again at the end: a loop sees it once, there.
    remove(store, "b");
    put(store, "b");
    expect(stepAll(other, unasked)).toEqual(["c", "b"]);
    expect(stepAll(host, asked)).toEqual(["c", "b"]);
  });

  it("goes as if its place had not been asked for, whatever becomes of the table", () => {
    const key = fc.constantFrom("a", "b", "c", "d", "x".repeat(40_000), "y".repeat(40_000));
    const change = fc.oneof(
      fc.record({ kind: fc.constant("put" as const), key }),
      fc.record({ kind: fc.constant("remove" as const), key }),
      fc.record({ kind: fc.constant("churn" as const), key }),
      fc.record({ kind: fc.constantFrom("clear", "open", "step", "ask") }),
    );
    const roomy = new Uint8Array(50_000);
    const take = (on: Host, iterator: number) => on.iterators.next(iterator, roomy) ?? "none";
    fc.assert(
      fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
        environment = new Environment({});
        const [asked, unasked] = [new Host(environment), new Host(environment)];
        const store = tableWith("a", "b");
        let opened = 0;
        for (const each of changes) {
          if (each.kind === "put") put(store, each.key);
          if (each.kind === "remove") remove(store, each.key);
          if (each.kind === "clear") environment.tables.clear(store);
          if (each.kind === "ask") asked.iterators.places();
          if (each.kind === "open") {
            opened = asked.iterators.open(store);
            expect(unasked.iterators.open(store)).toBe(opened);
          }
          if (each.kind === "churn") {
            for (let i = 0; i < 40; i++) {
              put(store, each.key);
              remove(store, each.key);
            }
          }
          if (each.kind !== "step") continue;
          for (let id = 1; id <= opened; id++) {
            const length = take(asked, id);
            expect(length).toEqual(take(unasked, id));
            // Lua closes a loop at its end.
            if (length === 0) for (const on of [asked, unasked]) on.iterators.close(id);
          }
        }
      }),
    );
  });

  it("is asked for and brought back without a walk over its table", () => {
    const keys = Array.from({ length: 300 }, (_, i) => `k${i}`);
    const store = tableWith(...keys);
    for (let i = 0; i < 200; i++) {
      const id = host.iterators.open(store);
      for (let steps = 0; steps <= i; steps++) step(host, id);
    }
    const walks = vi.spyOn(store.entries, "keys");
    const section = hostSectionOf(host);
    const next = new Host(environment);
    putHostSection(next, section);
    expect(walks).not.toHaveBeenCalled();
    expect(section.iterators).toHaveLength(200);
    expect(step(next, 200)).toBe("k200");
    expect(step(next, 1)).toBe("k1");
    host.iterators.closeAll();
    next.iterators.closeAll();
  });

  it("at its last entry still sees what is added later, asked or restored", () => {
    const store = tableWith("a");
    const iterator = host.iterators.open(store);
    step(host, iterator);
    expect(host.iterators.places()[0]?.nextKey).toBeUndefined();
    const next = successor();
    put(store, "b");
    expect(stepAll(host, iterator)).toEqual(["b"]);
    expect(stepAll(next, iterator)).toEqual(["b"]);
  });

  it("takes up again what did not fit", () => {
    const store = tableWith("a", "b");
    const iterator = host.iterators.open(store);
    expect(host.iterators.next(iterator, new Uint8Array(1))).toBe(7);
    const next = successor();
    expect(stepAll(next, iterator)).toEqual(["a", "b"]);
    expect(host.iterators.next(iterator, new Uint8Array(1))).toBe(7);
    remove(store, "a");
    expect(host.iterators.places()[0]?.nextKey).toBe(keyOf("b"));
    expect(stepAll(host, iterator)).toEqual(["b"]);
  });

  it("ends in an error where its next key is gone", () => {
    const store = tableWith("a", "b");
    const iterator = host.iterators.open(store);
    const section = hostSectionOf(host);
    remove(store, "a");
    const next = new Host(environment);
    putHostSection(next, section);
    expect(stepAll(next, iterator)).toEqual(["error"]);
    expect(next.iterators.open(store)).toBe(iterator + 1);
  });

  it("keeps its table alive, as long as it is open", () => {
    const store = tableWith("a");
    const iterator = host.iterators.open(store);
    expect(environment.tables.collect()).toBe(0);
    host.iterators.close(iterator);
    expect(environment.tables.collect()).toBe(1);
    expect(host.iterators.close(iterator)).toBe(false);
  });
});

describe("handles", () => {
  it("are counted for each host on its own, and given back together", () => {
    const store = tableWith("a");
    host.handles.retain(store);
    host.handles.retain(store);
    const next = successor();
    expect(store.handles).toBe(2);
    expect(next.handles.release(store)).toBe(false);
    putHandles(next, hostSectionOf(host));
    expect([store.handles, [...next.handles.byId()]]).toEqual([4, [[store.id, 2]]]);
    next.abandon();
    expect(store.handles).toBe(2);
    expect(host.handles.release(store)).toBe(true);
    expect(host.handles.release(store)).toBe(true);
    expect(host.handles.release(store)).toBe(false);
    expect(store.handles).toBe(0);
  });

  it("that are given back at once make no collection due: who failed may try again", () => {
    const store = tableWith("a");
    host.handles.retain(store);
    host.iterators.open(store);
    host.abandon();
    environment.tables.collectIfDue();
    expect([environment.tables.find(store.id), store.handles]).toEqual([store, 0]);
  });
});

describe("host functions", () => {
  const call = (on: Host, id: number) =>
    on.functions.call(
      id,
      encodeList([], () => 0),
    ).status;

  it("have their numbers again, by name", () => {
    const ids = ["a", "b"].map((name) => host.functions.add(() => 1, name).id);
    for (const name of ["b", "a"]) environment.registered.set(name, () => 2);
    const next = successor();
    expect(ids.map((id) => call(next, id))).toEqual([0, 0]);
    expect(next.functions.names()).toEqual(host.functions.names());
    expect(new Map(next.functions.names())).toEqual(
      new Map([
        [ids[0], "a"],
        [ids[1], "b"],
      ]),
    );
    expect(call(next, 3)).toBeLessThan(0);
  });

  it("have the same numbers in every core, and a name has one", () => {
    const names = ["a", "b", "app.save", ...Array.from({ length: 1000 }, (_, i) => `f${i}`)];
    const ids = names.map((name) => host.functions.add(() => 1, name).id);
    const other = new Host(environment);
    const others = names.toReversed().map((name) => other.functions.add(() => 1, name).id);
    expect(ids).toEqual(others.toReversed());
    expect(new Set(ids).size).toBe(names.length);
    expect(host.functions.add(() => 2, "a").id).toBe(ids[0]);
  });

  it("that the guest refused are as they were", () => {
    const { id } = host.functions.add(() => 1, "a");
    const other = host.functions.add(() => {
      throw new Error("the new one");
    }, "a");
    expect([other.id, call(host, id)]).toEqual([id, statusCodes.HOST_FAILED]);
    other.undo();
    expect(call(host, id)).toBe(0);
    const { id: refused, undo } = host.functions.add(() => 1, "b");
    undo();
    expect(call(host, refused)).toBe(statusCodes.NOT_FOUND);
  });

  it("that are missing are named, each once", () => {
    for (const name of ["app.save", "other", "app.save"]) host.functions.add(() => 1, name);
    environment.registered.set("other", () => 2);
    const failure = missingFor(hostSectionOf(host), environment);
    expect(failure?.code).toBe("NOT_FOUND");
    expect(failure?.error).toMatch(/not have: "app\.save"; register them first$/);
  });
});

describe("external tables", () => {
  it("that are missing are told by their ids", () => {
    const stores = [tableWith(), tableWith()];
    for (const store of stores) host.handles.retain(store);
    for (const store of stores) host.iterators.open(store);
    const failure = missingFor(hostSectionOf(host), new Environment({}));
    expect(failure?.code).toBe("UNKNOWN_TABLE");
    expect(failure?.error).toMatch(/not have: 2, 3; load the tables first$/);
  });

  it("that are made later have ids of their own", () => {
    const { tables } = environment;
    const section = hostSectionOf(host);
    putHostSection(host, { ...section, nextTable: 50 });
    expect(tables.nextId, "nothing shared changes before the instance is there").toBe(2);
    tables.skipIdsBelow(50);
    expect(tableWith().id).toBe(50);
    tables.skipIdsBelow(section.nextTable);
    expect(tableWith().id).toBe(51);
  });
});
