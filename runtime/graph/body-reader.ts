/** Reads the parts that all objects of a body are made of: figures, ids of a kind, slots. */
import { ByteReader } from "../bytes/byte-reader.ts";
import { latin1Of } from "../bytes/latin1.ts";
import { DecodeError } from "../check/errors.ts";
import { type BodyField, bodyFields as fields, typeBytes } from "./body-fields.ts";
import { noId, refusals, slotTags, valueKinds } from "./body-format.ts";
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

/** Is told of each figure before it is read and checked, and of each part that begins. */
export interface BodyTrace {
  readonly field: (
    field: BodyField,
    place: { readonly at: number; readonly length: number },
  ) => void;
  /** `contents`: those of the next object. */
  readonly part: (part: "shell" | "contents" | "roots" | "end", at: number) => void;
}

/** All methods throw DecodeError for bytes that are not what the format has there. */
export class BodyReader {
  readonly bytes: ByteReader;
  readonly trace: BodyTrace | undefined;
  #context: BodyContext = { names: [], hasRefusals: false, kinds: [] };

  constructor(body: Uint8Array, trace?: BodyTrace) {
    this.bytes = new ByteReader(body);
    this.trace = trace;
  }

  get context(): BodyContext {
    return this.#context;
  }

  /** From here on ids and names mean something. */
  enter(context: BodyContext): void {
    this.#context = context;
  }

  part(part: Parameters<BodyTrace["part"]>[0]): void {
    this.trace?.part(part, this.bytes.at);
  }

  /** A figure of up to 32 bits, within what the table of fields allows. */
  number(field: BodyField): number {
    return this.#within(field, this.#figure(field));
  }

  /** As `number`, up to and with a limit that other figures make. */
  upTo(field: BodyField, max: number): number {
    const value = this.number(field);
    if (value > max) throw new DecodeError(`${field.words} is ${value}; it can be up to ${max}`);
    return value;
  }

  /** As `number`, or undefined for the value that says that there is none. */
  orNone(field: BodyField, none: number): number | undefined {
    const value = this.#figure(field);
    return value === none ? undefined : this.#within(field, value);
  }

  /** All bits of a figure of 64. */
  bits(field: BodyField): bigint {
    this.#tell(field, 8);
    return this.bytes.i64();
  }

  flag(field: BodyField): boolean {
    return this.number(field) === 1;
  }

  salt(): number {
    return this.number(fields.shellSalt);
  }

  view(field: BodyField, length: number): Uint8Array {
    this.#tell(field, length);
    return this.bytes.bytes(length);
  }

  text(field: BodyField, length: number): string {
    return latin1Of(this.view(field, length));
  }

  list<Item>(length: number, item: () => Item): readonly Item[] {
    const items: Item[] = [];
    for (let i = 0; i < length; i++) items.push(item());
    return items;
  }

  /** Of what has at least `bytesEach`: no more than can be there. */
  count(field: BodyField, bytesEach: number): number {
    const count = this.number(field);
    if (count * bytesEach <= this.bytes.left) return count;
    throw new DecodeError(
      `${field.words}: ${count} are announced before byte ${this.bytes.at}, ` +
        `${this.bytes.left} bytes left`,
    );
  }

  /** A count, and as many items, of which each has at least `bytesEach`. */
  counted<Item>(field: BodyField, bytesEach: number, item: () => Item): readonly Item[] {
    return this.list(this.count(field, bytesEach), item);
  }

  /** The id of an object of one of these kinds. */
  id(field: BodyField, allowed: ReadonlySet<ObjectKind> | ObjectKind): ObjectId {
    return this.#checked(field, this.number(field), allowed);
  }

  optionalId(
    field: BodyField,
    allowed: ReadonlySet<ObjectKind> | ObjectKind,
  ): ObjectId | undefined {
    const id = this.number(field);
    return id === noId ? undefined : this.#checked(field, id, allowed);
  }

  name(field: BodyField): string {
    return this.nameAt(this.number(field));
  }

  nameAt(index: number): string {
    const name = this.#context.names[index];
    if (name === undefined) {
      throw new DecodeError(`C function ${index} of ${this.#context.names.length} names`);
    }
    return name;
  }

  refusal(field: BodyField): Refusal {
    const number = this.number(field);
    const refusal = refusals[number - 1];
    if (refusal === undefined) throw new DecodeError(`${number} is no reason of a refusal`);
    if (!this.#context.hasRefusals) {
      throw new DecodeError("something was refused, and the prologue says that nothing was");
    }
    return refusal;
  }

  slot(): GraphValue {
    return this.slotOf(this.number(fields.slotTag));
  }

  /** The payload behind a tag. */
  slotOf(tag: number): GraphValue {
    switch (tag) {
      case slotTags.nil:
        return nil;
      case slotTags.boolean:
        return booleans[this.flag(fields.slotBoolean) ? 1 : 0] ?? nil;
      case slotTags.integer:
        return { kind: "integer", value: this.bits(fields.slotInteger) };
      case slotTags.float:
        return floatOf(this.bits(fields.slotFloat));
      case slotTags.reference:
        return { kind: "reference", id: this.id(fields.slotReference, valueKinds) };
      case slotTags.cFunction:
        return { kind: "cFunction", name: this.name(fields.slotFunction) };
      case slotTags.refused:
        return { kind: "refused", refusal: this.refusal(fields.slotReason) };
      default:
        throw new DecodeError(`0x${tag.toString(16)} at byte ${this.bytes.at - 1} is no slot`);
    }
  }

  #figure(field: BodyField): number {
    this.#tell(field, typeBytes[field.type]);
    switch (field.type) {
      case "u8":
        return this.bytes.u8();
      case "u16": {
        const low = this.bytes.u8();
        return low | (this.bytes.u8() << 8);
      }
      case "u32":
        return this.bytes.u32();
      case "i32":
        return this.bytes.u32() | 0;
      default:
        throw new TypeError(`${field.name} is no figure of up to 32 bits`);
    }
  }

  #within(field: BodyField, value: number): number {
    if (value >= field.min && value <= field.max) return value;
    const { words, min, max } = field;
    const wanted = min === max ? `${min}` : `${min} to ${max}`;
    throw new DecodeError(`${words} is ${value}; this library reads ${wanted}`);
  }

  #tell(field: BodyField, length: number): void {
    this.trace?.field(field, { at: this.bytes.at, length });
  }

  #checked(
    { words }: BodyField,
    id: number,
    allowed: ReadonlySet<ObjectKind> | ObjectKind,
  ): ObjectId {
    const { kinds } = this.#context;
    const kind = kinds[id];
    if (kind === undefined) {
      throw new DecodeError(`${words} is object ${id}; there are ${kinds.length}`);
    }
    const isAllowed = typeof allowed === "string" ? kind === allowed : allowed.has(kind);
    // What could not be saved stands where it stood, whatever is expected there.
    if (!isAllowed && kind !== "refused") {
      throw new DecodeError(`${words} is object ${id}, which is a ${kind}`);
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
