/** Reads the parts that all objects of a body are made of: figures, ids of a kind, slots. */
import { ByteReader } from "../byte-reader.ts";
import { DecodeError } from "../errors.ts";
import { latin1Of } from "../table-key.ts";
import { noId, refusals, saltEnd, slotTags, valueKinds } from "./body-format.ts";
import type { GraphObject, GraphValue, ObjectId, Refusal } from "./graph.ts";

export type ObjectKind = GraphObject["kind"];

const nil: GraphValue = Object.freeze({ kind: "nil" });
const booleans = [false, true].map((value) => Object.freeze({ kind: "boolean", value } as const));
const bitsOfNaN = new DataView(new ArrayBuffer(8));
/** The NaN that JavaScript writes. */
const canonicalNaN = 0x7ff8_0000_0000_0000n;

/** What the prologue and the shells tell those that read on. */
export interface BodyContext {
  readonly names: readonly string[];
  readonly hasRefusals: boolean;
  /** The kind of each object, by id. */
  readonly kinds: readonly ObjectKind[];
}

/** All methods throw DecodeError for bytes that are not what the format has there. */
export class BodyReader {
  readonly bytes: ByteReader;
  #context: BodyContext = { names: [], hasRefusals: false, kinds: [] };

  constructor(body: Uint8Array) {
    this.bytes = new ByteReader(body);
  }

  get context(): BodyContext {
    return this.#context;
  }

  /** From here on ids and names mean something. */
  enter(context: BodyContext): void {
    this.#context = context;
  }

  u8(): number {
    return this.bytes.u8();
  }

  u16(): number {
    const low = this.bytes.u8();
    return low | (this.bytes.u8() << 8);
  }

  u32(): number {
    return this.bytes.u32();
  }

  i32(): number {
    return this.bytes.u32() | 0;
  }

  u64(): bigint {
    return BigInt.asUintN(64, this.bytes.i64());
  }

  flag(what: string): boolean {
    const byte = this.u8();
    if (byte > 1) throw new DecodeError(`${what} is ${byte}, neither 0 nor 1`);
    return byte === 1;
  }

  /** A u32 below `end`. */
  below(end: number, what: string): number {
    const value = this.u32();
    if (value >= end) throw new DecodeError(`${what} is ${value}; there are ${end}`);
    return value;
  }

  salt(): number {
    const salt = this.u16();
    if (salt >= saltEnd) throw new DecodeError(`salt ${salt} is not below ${saltEnd}`);
    return salt;
  }

  text(length: number): string {
    return latin1Of(this.bytes.bytes(length));
  }

  /** `length` items of at least `bytesEach`, which a caller counted against what is left. */
  list<Item>(length: number, item: () => Item): readonly Item[] {
    const items: Item[] = [];
    for (let i = 0; i < length; i++) items.push(item());
    return items;
  }

  /** A u32, and as many items, of which each has at least `bytesEach`. */
  counted<Item>(bytesEach: number, item: () => Item): readonly Item[] {
    return this.list(this.bytes.count(bytesEach), item);
  }

  /** The id of an object of one of these kinds. */
  id(allowed: ReadonlySet<ObjectKind> | ObjectKind, what: string): ObjectId {
    return this.#checked(this.u32(), allowed, what);
  }

  optionalId(allowed: ReadonlySet<ObjectKind> | ObjectKind, what: string): ObjectId | undefined {
    const id = this.u32();
    return id === noId ? undefined : this.#checked(id, allowed, what);
  }

  name(): string {
    return this.nameAt(this.u16());
  }

  nameAt(index: number): string {
    const name = this.#context.names[index];
    if (name === undefined) {
      throw new DecodeError(`C function ${index} of ${this.#context.names.length} names`);
    }
    return name;
  }

  refusal(): Refusal {
    const number = this.u8();
    const refusal = refusals[number - 1];
    if (refusal === undefined) throw new DecodeError(`${number} is no reason of a refusal`);
    if (!this.#context.hasRefusals) {
      throw new DecodeError("something was refused, and the prologue says that nothing was");
    }
    return refusal;
  }

  slot(): GraphValue {
    return this.slotOf(this.u8());
  }

  /** The payload behind a tag. */
  slotOf(tag: number): GraphValue {
    switch (tag) {
      case slotTags.nil:
        return nil;
      case slotTags.boolean:
        return booleans[this.flag("a boolean") ? 1 : 0] ?? nil;
      case slotTags.integer:
        return { kind: "integer", value: this.bytes.i64() };
      case slotTags.float:
        return floatOf(this.bytes.i64());
      case slotTags.reference:
        return { kind: "reference", id: this.id(valueKinds, "a value") };
      case slotTags.cFunction:
        return { kind: "cFunction", name: this.name() };
      case slotTags.refused:
        return { kind: "refused", refusal: this.refusal() };
      default:
        throw new DecodeError(`0x${tag.toString(16)} at byte ${this.bytes.at - 1} is no slot`);
    }
  }

  #checked(id: number, allowed: ReadonlySet<ObjectKind> | ObjectKind, what: string): ObjectId {
    const { kinds } = this.#context;
    const kind = kinds[id];
    if (kind === undefined) {
      throw new DecodeError(`${what} is object ${id}; there are ${kinds.length}`);
    }
    const isAllowed = typeof allowed === "string" ? kind === allowed : allowed.has(kind);
    // What could not be saved stands where it stood, whatever is expected there.
    if (!isAllowed && kind !== "refused") {
      throw new DecodeError(`${what} is object ${id}, which is a ${kind}`);
    }
    return id;
  }
}

/** By way of the bits: an engine may change those of a NaN when it moves it as a number. */
function floatOf(bits: bigint): GraphValue {
  bitsOfNaN.setBigInt64(0, bits);
  const value = bitsOfNaN.getFloat64(0);
  const unsigned = BigInt.asUintN(64, bits);
  return Number.isNaN(value) && unsigned !== canonicalNaN
    ? { kind: "float", value, nanBits: unsigned }
    : { kind: "float", value };
}
