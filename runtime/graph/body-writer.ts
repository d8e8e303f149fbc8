/** Writes the parts that all objects of a body are made of; the reverse of BodyReader. */
import { ByteWriter } from "../bytes/byte-writer.ts";
import { bytesOfLatin1 } from "../bytes/latin1.ts";
import { EncodeError } from "../check/errors.ts";
import { noId, refusals, slotTags } from "./body-format.ts";
import type { GraphValue, ObjectId, Refusal } from "./graph.ts";

export class BodyWriter {
  readonly bytes = new ByteWriter();
  readonly #indexOfName: ReadonlyMap<string, number>;

  constructor(names: readonly string[]) {
    this.#indexOfName = new Map(names.map((name, index) => [name, index]));
  }

  u8(value: number): void {
    this.bytes.u8(value);
  }

  u16(value: number): void {
    this.bytes.u8(value & 0xff);
    this.bytes.u8(value >>> 8);
  }

  u32(value: number): void {
    this.bytes.u32(value);
  }

  i32(value: number): void {
    this.bytes.u32(value >>> 0);
  }

  u64(value: bigint): void {
    this.bytes.i64(BigInt.asIntN(64, value));
  }

  flag(value: boolean): void {
    this.bytes.u8(value ? 1 : 0);
  }

  text(value: string): void {
    this.bytes.bytes(bytesOfLatin1(value));
  }

  optionalId(id: ObjectId | undefined): void {
    this.bytes.u32(id ?? noId);
  }

  /** A u32, then the items. */
  counted<Item>(items: readonly Item[], write: (item: Item) => void): void {
    this.bytes.u32(items.length);
    for (const item of items) write(item);
  }

  /** Throws EncodeError for a name that the graph does not list. */
  name(name: string): void {
    const index = this.#indexOfName.get(name);
    if (index === undefined) throw new EncodeError(`${name} is not among the graph's names`);
    this.u16(index);
  }

  refusal(refusal: Refusal): void {
    this.bytes.u8(refusals.indexOf(refusal) + 1);
  }

  slot(value: GraphValue): void {
    switch (value.kind) {
      case "nil":
        return this.bytes.u8(slotTags.nil);
      case "boolean":
        this.bytes.u8(slotTags.boolean);
        return this.flag(value.value);
      case "integer":
        this.bytes.u8(slotTags.integer);
        return this.bytes.i64(value.value);
      case "float":
        this.bytes.u8(slotTags.float);
        if (value.nanBits !== undefined) return this.u64(value.nanBits);
        // The one NaN that JavaScript has, whatever bits the engine keeps it in.
        return this.bytes.f64(Number.isNaN(value.value) ? Number.NaN : value.value);
      case "reference":
        this.bytes.u8(slotTags.reference);
        return this.bytes.u32(value.id);
      case "cFunction":
        this.bytes.u8(slotTags.cFunction);
        return this.name(value.name);
      case "refused":
        this.bytes.u8(slotTags.refused);
        return this.refusal(value.refusal);
    }
  }
}
