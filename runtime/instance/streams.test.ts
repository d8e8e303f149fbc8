/** What crosses in pieces: promised and collected bytes, input, modules, and the result frame. */
import { describe, expect, it } from "vitest";
import { CollectedBytes, PromisedBytes } from "../bytes/byte-streams.ts";
import { DecodeError, EncodeError, UsageError } from "../check/errors.ts";
import { readFrame } from "./frame.ts";
import { Input } from "./input.ts";
import { Modules } from "./modules.ts";

const bytes = (...values: number[]) => Uint8Array.from(values);

function readAll(source: { readonly readInto: (room: Uint8Array) => number }, roomBytes: number) {
  const all: number[] = [];
  const room = new Uint8Array(roomBytes);
  for (let count = source.readInto(room); count > 0; count = source.readInto(room)) {
    all.push(...room.subarray(0, count));
  }
  return all;
}

describe("streams", () => {
  it.each([1, 2, 3, 5, 100])("promised bytes are taken whole in pieces of %i", (roomBytes) => {
    const promised = new PromisedBytes();
    promised.promise(bytes(1, 2, 3, 4, 5));
    expect(readAll(promised, roomBytes)).toEqual([1, 2, 3, 4, 5]);
    promised.promise(bytes(6, 7));
    promised.promise(bytes(8));
    expect(readAll(promised, roomBytes)).toEqual([8]);
  });

  it("collected bytes are copies, in order, and taken once", () => {
    const collected = new CollectedBytes();
    const piece = bytes(1, 2);
    collected.add(piece);
    piece[0] = 9;
    collected.add(bytes(3));
    expect(collected.take()).toEqual(bytes(1, 2, 3));
    expect(collected.take()).toEqual(bytes());
  });
});

describe("input", () => {
  it("is a text, bytes, or what a function gives until it ends", () => {
    expect(readAll(new Input("é"), 1)).toEqual([0xc3, 0xa9]);
    expect(readAll(new Input(bytes(1, 2, 3)), 2)).toEqual([1, 2, 3]);
    expect(readAll(new Input(undefined), 2)).toEqual([]);
    const pieces = [bytes(1, 2, 3, 4, 5), bytes(6)];
    expect(readAll(new Input(() => pieces.shift()), 2)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(() => new Input("\ud800")).toThrow(EncodeError);
    const texts = ["é", ""];
    expect(readAll(new Input(() => texts.shift()), 1)).toEqual([0xc3, 0xa9]);
    const wrong = new Input((() => 5) as unknown as () => string);
    expect(() => wrong.readInto(bytes(0))).toThrow(UsageError);
  });
});

describe("modules", () => {
  it("are asked for once while they are pulled, and anew the next time", () => {
    let asked = 0;
    const modules = new Modules((name) => {
      asked += 1;
      return name === "m" ? `${asked}bcd` : undefined;
    });
    const pull = (offset: number, max: number) => modules.pull({ name: "m", offset, max });
    expect([pull(0, 0), pull(0, 2), pull(2, 2)].map((source) => source?.[0])).toEqual([49, 49, 49]);
    expect(asked).toBe(1);
    expect(pull(0, 0)?.[0]).toBe(50);
    expect(modules.pull({ name: "other", offset: 0, max: 0 })).toBeUndefined();
  });

  it("give the code of the call under the empty name, and never else", () => {
    const modules = new Modules(new Map([["", "not this"]]));
    expect(modules.pull({ name: "", offset: 0, max: 0 })).toBeUndefined();
    modules.provideCode(bytes(1));
    expect(modules.pull({ name: "", offset: 0, max: 9 })).toEqual(bytes(1));
    modules.provideCode(undefined);
    expect(modules.pull({ name: "", offset: 0, max: 9 })).toBeUndefined();
  });

  it("are the own names of a plain object, and nothing of its prototype", () => {
    const modules = new Modules({ m: "a", ["__proto__"]: "b" });
    const pull = (name: string) => modules.pull({ name, offset: 0, max: 0 });
    expect([pull("m"), pull("__proto__")]).toEqual([bytes(0x61), bytes(0x62)]);
    expect([pull("toString"), pull("constructor")]).toEqual([undefined, undefined]);
  });

  it("must be text or bytes when a function gives them", () => {
    const modules = new Modules((() => 5) as unknown as () => string);
    expect(() => modules.pull({ name: "m", offset: 0, max: 0 })).toThrow(
      /^the source of module "m" is a text or bytes \(a Uint8Array\), not 5$/,
    );
  });
});

describe("the frame", () => {
  const frame = (...figures: readonly [number, number, number, number]) => {
    const buffer = new Uint8Array(32).fill(0xee);
    const view = new DataView(buffer.buffer);
    for (const [i, figure] of figures.entries()) view.setUint32(i * 4, figure, true);
    return buffer;
  };

  it("has output, then values, in the buffer or streamed", () => {
    const inside = readFrame({ buffer: frame(3, 1, 2, 0), streamed: bytes() });
    expect([inside.output.length, inside.valueCount, inside.values.length]).toEqual([3, 1, 2]);
    const streamed = readFrame({ buffer: frame(16, 1, 2, 1), streamed: bytes(7, 8) });
    expect([streamed.output.length, streamed.values]).toEqual([16, bytes(7, 8)]);
  });

  it.each<[string, readonly [number, number, number, number]]>([
    ["output beyond the buffer", [17, 0, 0, 0]],
    ["values beyond the buffer", [10, 1, 7, 0]],
    ["lengths that overflow 32 bits", [0xffff_ffff, 0, 0xffff_ffff, 0]],
    ["fewer streamed bytes than announced", [0, 1, 5, 1]],
  ])("refuses %s", (_name, figures) => {
    expect(() => readFrame({ buffer: frame(...figures), streamed: bytes(1) })).toThrow(DecodeError);
  });
});
