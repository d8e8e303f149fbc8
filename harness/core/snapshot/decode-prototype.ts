/** Decodes a function prototype: code, constants, what it encloses, and debug information. */
import { DecodeError } from "../errors.ts";
import { slotTags } from "./body-format.ts";
import type { BodyReader } from "./body-reader.ts";
import type { GraphValue, PrototypeObject } from "./graph.ts";

const constantTags: ReadonlySet<number> = new Set([
  slotTags.nil,
  slotTags.boolean,
  slotTags.integer,
  slotTags.float,
  slotTags.reference,
]);

/** Throws DecodeError. Whether the instructions make sense is not looked at: it can't be known. */
export function prototypeOf(reader: BodyReader): PrototypeObject {
  return {
    kind: "prototype",
    source: reader.optionalId("string", "its source"),
    firstLine: reader.u32(),
    lastLine: reader.u32(),
    parameters: reader.u8(),
    isVararg: reader.flag("whether it takes varargs"),
    stackSlots: reader.u8(),
    instructions: reader.counted(4, () => reader.u32()),
    constants: reader.counted(1, () => constantOf(reader)),
    upvalues: reader.counted(7, () => ({
      isInStack: reader.flag("whether an upvalue lies in the stack"),
      index: reader.u8(),
      variableKind: reader.u8(),
      name: reader.optionalId("string", "an upvalue's name"),
    })),
    prototypes: reader.counted(4, () => reader.id("prototype", "a prototype in it")),
    lineDifferences: reader.bytes.bytes(reader.bytes.count(1)).slice(),
    absoluteLines: reader.counted(8, () => ({ pc: reader.u32(), line: reader.u32() })),
    locals: reader.counted(12, () => ({
      name: reader.optionalId("string", "a local's name"),
      startPc: reader.u32(),
      endPc: reader.u32(),
    })),
  };
}

function constantOf(reader: BodyReader): GraphValue {
  const tag = reader.u8();
  if (!constantTags.has(tag)) throw new DecodeError(`0x${tag.toString(16)} is no constant`);
  if (tag !== slotTags.reference) return reader.slotOf(tag);
  return { kind: "reference", id: reader.id("string", "a constant") };
}
