/** Decodes a function prototype: code, constants, what it encloses, and debug information. */
import { DecodeError } from "../check/errors.ts";
import { bodyFields as fields } from "./body-fields.ts";
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
    source: reader.optionalId(fields.prototypeSource, "string"),
    firstLine: reader.number(fields.prototypeFirstLine),
    lastLine: reader.number(fields.prototypeLastLine),
    parameters: reader.number(fields.prototypeParameters),
    isVararg: reader.flag(fields.prototypeIsVararg),
    stackSlots: reader.number(fields.prototypeStackSlots),
    instructions: reader.counted(fields.prototypeInstructions, 4, () =>
      reader.number(fields.prototypeInstruction),
    ),
    constants: reader.counted(fields.prototypeConstants, 1, () => constantOf(reader)),
    upvalues: reader.counted(fields.prototypeUpvalues, 7, () => ({
      isInStack: reader.flag(fields.prototypeUpvalueInStack),
      index: reader.number(fields.prototypeUpvalueIndex),
      variableKind: reader.number(fields.prototypeUpvalueKind),
      name: reader.optionalId(fields.prototypeUpvalueName, "string"),
    })),
    prototypes: reader.counted(fields.prototypeInner, 4, () =>
      reader.id(fields.prototypeInnerId, "prototype"),
    ),
    lineDifferences: reader
      .view(fields.prototypeLineBytes, reader.count(fields.prototypeLineDifferences, 1))
      .slice(),
    absoluteLines: reader.counted(fields.prototypeLines, 8, () => ({
      pc: reader.number(fields.prototypeLineInstruction),
      line: reader.number(fields.prototypeLine),
    })),
    locals: reader.counted(fields.prototypeLocals, 12, () => ({
      name: reader.optionalId(fields.prototypeLocalName, "string"),
      startPc: reader.number(fields.prototypeLocalStart),
      endPc: reader.number(fields.prototypeLocalEnd),
    })),
  };
}

function constantOf(reader: BodyReader): GraphValue {
  const tag = reader.number(fields.slotTag);
  if (!constantTags.has(tag)) throw new DecodeError(`0x${tag.toString(16)} is no constant`);
  if (tag !== slotTags.reference) return reader.slotOf(tag);
  return { kind: "reference", id: reader.id(fields.slotReference, "string") };
}
