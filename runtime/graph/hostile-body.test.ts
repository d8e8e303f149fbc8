/** Laws of damaged bodies: each is refused with its reason, or decodes to just what it says. */
import { describe, expect, it } from "vitest";
import { decodeBody } from "./decode-body.ts";
import { encodeBody } from "./encode-body.ts";
import type { CallRecord, CoroutineObject, PrototypeObject, SnapshotGraph } from "./graph.ts";
import {
  emptyCoroutine,
  GraphBuilder,
  nil,
  plainGraph,
  sampleState,
} from "./sample-graph.fixture.ts";

describe("hostile bytes", () => {
  const body = encodeBody(sampleState());

  it("are refused with a reason when cut short, wherever", () => {
    for (let length = 0; length < body.length; length++) {
      const result = decodeBody(body.subarray(0, length));
      expect(result.ok, `${length} bytes`).toBe(false);
    }
    expect(decodeBody(Uint8Array.of(...body, 0)).ok).toBe(false);
  });

  it("decode, or are refused, with any one bit changed, and what decodes encodes to them", () => {
    const counts = { decoded: 0, refused: 0 };
    const changed = body.slice();
    for (let at = 0; at < body.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        changed[at] = (body[at] ?? 0) ^ (1 << bit);
        const result = decodeBody(changed);
        if (result.ok) {
          counts.decoded += 1;
          if (Buffer.compare(encodeBody(result.graph), changed) !== 0) {
            throw new Error(`bit ${bit} of byte ${at} is lost`);
          }
        } else {
          counts.refused += 1;
          expect(result.reason.length).toBeGreaterThan(10);
        }
      }
      changed[at] = body[at] ?? 0;
    }
    expect(counts.decoded + counts.refused).toBe(body.length * 8);
    expect(counts.decoded).toBeGreaterThan(500);
    expect(counts.refused).toBeGreaterThan(5000);
  });

  it("make nothing for a count of 2^31, wherever it stands", () => {
    for (let at = 0; at + 4 <= body.length; at++) {
      const changed = body.slice();
      new DataView(changed.buffer).setUint32(at, 0x8000_0000, true);
      // 2^31 items of anything would be more than the memory or the test's time takes.
      const result = decodeBody(changed);
      if (result.ok) expect(encodeBody(result.graph), `at byte ${at}`).toEqual(changed);
    }
  });

  /** Of a body without names, whose first object begins at byte 32. */
  function withCount(make: (builder: GraphBuilder) => void, at: number, count: number): unknown {
    const builder = new GraphBuilder();
    make(builder);
    const changed = encodeBody(builder.build({ scope: "value", value: nil }, { names: [] }));
    new DataView(changed.buffer).setUint32(at, count, true);
    return decodeBody(changed);
  }

  it("are refused by their counts, before anything is read for those", () => {
    const table = (builder: GraphBuilder) => builder.table([], { array: [nil], hash: undefined });
    const refusedFor = (reason: string) => ({ reason: expect.stringContaining(reason) });
    expect(withCount(table, 35, 1)).toMatchObject({ ok: true });
    expect(withCount(table, 35, 2 ** 31)).toMatchObject(refusedFor("slots is 2147483648"));
    expect(withCount(table, 35, 2 ** 20)).toMatchObject(refusedFor("announces 1048576 + 0"));
    // Behind the shell are 14 bytes, 6 of them behind the figures that come before the slots.
    expect(withCount(table, 35, 14)).toMatchObject(refusedFor("14 + 0 slots, 6 bytes"));
    expect(withCount((builder) => builder.prototype(), 65, 2 ** 31)).toMatchObject(
      refusedFor("2147483648 are announced"),
    );
    const hash = (builder: GraphBuilder) => builder.table([]);
    expect(withCount(hash, 36, 21 << 24)).toMatchObject(refusedFor("table hash bits is 21"));
    expect(withCount(hash, 36, 20 << 24)).toMatchObject(refusedFor("announces 0 + 1048576"));
  });

  it("are no more than the limits", () => {
    expect(decodeBody(body, { bytesMax: body.length - 1 })).toMatchObject({
      reason: expect.stringContaining("limit"),
    });
    expect(decodeBody(body, { objectsMax: 3 })).toMatchObject({
      reason: expect.stringContaining("limit of 3"),
    });
    expect(decodeBody(body, { objectsMax: sampleState().objects.length }).ok).toBe(true);
  });

  const patches: readonly (readonly [string, number, readonly number[], string])[] = [
    ["another beginning", 0, [0x4d], "prologue magic is"],
    ["another version", 4, [2], "version is 2; this library reads 1"],
    ["another scope", 6, [2], "scope is 2; this library reads 0 to 1"],
    ["an unknown flag", 7, [5], "flags is 5; this library reads 0 to 3"],
    ["another Lua", 8, [0xe7], "release is 50407; this library reads 50408"],
    ["another size of instructions", 12, [8], "instruction bytes is 8; this library reads 4"],
    ["a fourth size", 15, [1], "prologue zero is 1"],
    ["objects that are not there", 16, [0xff, 0xff, 0xff, 0x7f], "2147483647 are announced"],
    ["another count of functions", 20, [9], "9 functions announced"],
    ["names that are not there", 24, [0xff, 0xff, 0xff, 0x7f], "2147483647 are announced"],
    ["an empty name", 32, [0], "name length is 0"],
    ["another end", body.length - 1, [0], "end mark is"],
    ["a salt that is none", body.length - 7, [8], "latest salt is 2"],
  ];
  it.each(patches)("with %s are refused", (_, at, bytes, reason) => {
    const changed = body.slice();
    changed.set(bytes, at);
    expect(decodeBody(changed)).toMatchObject({
      ok: false,
      reason: expect.stringContaining(reason),
    });
  });
});

/** Objects that end in a list, of the smallest items that there are. */
describe("a body that ends soon behind a long list", () => {
  const count = 255;
  const listOf = <Item>(item: (i: number) => Item): readonly Item[] =>
    Array.from({ length: count }, (_, i) => item(i));
  const upvalue = { isInStack: true, index: 0, variableKind: 0, name: undefined };
  const prototypes: readonly (readonly [string, Partial<PrototypeObject>])[] = [
    ["instructions", { instructions: listOf(() => 0) }],
    ["constants", { constants: listOf(() => nil) }],
    ["upvalues", { upvalues: listOf(() => upvalue) }],
    ["inner functions", { prototypes: listOf(() => 1) }],
    ["lines", { instructions: listOf(() => 0), lineDifferences: new Uint8Array(count) }],
    ["lines by instruction", { absoluteLines: listOf(() => ({ pc: 1, line: 1 })) }],
    ["variables", { locals: listOf(() => ({ name: undefined, startPc: 0, endPc: 1 })) }],
  ];
  const bare = { source: undefined, instructions: [], lineDifferences: new Uint8Array() };

  it.each(prototypes)("has all %s of a function", (_, list) => {
    const builder = new GraphBuilder();
    expect(builder.prototype(bare).id).toBe(1);
    builder.prototype({ ...bare, ...list });
    isWhole(builder.build({ scope: "value", value: nil }));
  });

  const callOf = (i: number): CallRecord => ({
    functionSlot: i + 1,
    topSlot: i + 2,
    resultsWanted: 0,
    callStatus: 0,
    callee: { kind: "lua", pc: 1, extraArguments: 0 },
    detail: 0,
  });
  const coroutines: readonly (readonly [string, Partial<CoroutineObject>])[] = [
    ["slots", { stack: listOf(() => nil) }],
    ["variables to close", { toClose: listOf((i) => i) }],
    ["calls", { calls: listOf(callOf) }],
  ];

  it.each(coroutines)("has all %s of a coroutine", (_, list) => {
    const builder = new GraphBuilder();
    const called = builder.closure({});
    const stack = [nil, ...listOf(() => called)];
    const state = builder.state([]);
    const coroutine = { ...emptyCoroutine, stackSizeSlots: count + 2, stack, ...list };
    isWhole({ ...state, objects: [...state.objects, coroutine] });
  });

  it("has all finalizers of a state", () => {
    const builder = new GraphBuilder();
    const finalizable = listOf(() => builder.table([], { hasFinalizer: true }));
    isWhole(builder.state([], { finalizable }));
  });

  function isWhole(graph: SnapshotGraph): void {
    const result = decodeBody(encodeBody(graph));
    expect(result.ok ? plainGraph(result.graph) : result.reason).toEqual(plainGraph(graph));
  }
});
