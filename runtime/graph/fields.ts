/** What an object is besides what it holds, as texts that a person can compare. */

import { xxh32 } from "../bytes/xxh32.ts";
import { objectTags } from "./body-format.ts";
import { BodyWriter } from "./body-writer.ts";
import type {
  CallRecord,
  GraphObject,
  ObjectId,
  PrototypeObject,
  SnapshotGraph,
  StringObject,
} from "./graph.ts";
import { type Objects, objectText, sourceText } from "./value-text.ts";

export interface Field {
  /** "": the object itself. */
  readonly name: string;
  readonly text: string;
}

/** Of variables to close that are shown. */
const slotsMax = 12;

/**
 * The same names for all objects of a kind. Left out is what a program can't see: salts, how a
 * table is laid out, the sizes of stacks.
 */
export function fieldsOf(objects: Objects, object: GraphObject): readonly Field[] {
  switch (object.kind) {
    case "table":
      return [finalizerField(object)];
    case "userdata":
      return [{ name: "", text: objectText(objects, object) }, finalizerField(object)];
    case "cClosure":
    case "refused":
    case "namedTable":
    case "tableHandle":
      return [{ name: "", text: objectText(objects, object) }];
    case "upvalue":
      return [
        {
          name: "place",
          text: object.state === "open" ? `open at stack[${object.stackSlot}]` : "closed",
        },
      ];
    case "coroutine":
    case "mainThread": {
      const { hookAllowed, hookMask, hookCountBase, hookCount } = object;
      return [
        { name: "", text: objectText(objects, object) },
        { name: "calls", text: callsText(object.calls) },
        { name: "variables to close", text: slotsText(object.toClose) },
        { name: "hooks", text: `${hookAllowed} ${hookMask} ${hookCountBase} ${hookCount}` },
        { name: "error handler", text: String(object.errorHandlerSlot) },
      ];
    }
    case "prototype":
      return prototypeFields(objects, object);
    case "string":
    case "luaClosure":
    case "rebuilt":
      return [];
  }
}

/** Settings of a whole state, each with its name. */
export function stateFields({ roots, hasDebugInformation }: SnapshotGraph): readonly Field[] {
  const fields = [
    { name: "scope", text: roots.scope },
    { name: "debug information", text: hasDebugInformation ? "kept" : "stripped" },
  ];
  if (roots.scope === "value") return fields;
  return [
    ...fields,
    ...Object.entries(roots.collector).map(([name, value]) => ({
      name: `collector: ${name}`,
      text: String(value),
    })),
    { name: "warnings", text: roots.warningsOn ? "on" : "off" },
  ];
}

function finalizerField({ hasFinalizer }: { readonly hasFinalizer: boolean }): Field {
  return { name: "finalizer", text: hasFinalizer ? "one" : "none" };
}

/** The first slots, and a checksum of all where there are more. */
function slotsText(slots: readonly number[]): string {
  const shown = slots.slice(0, slotsMax).join(" ");
  if (slots.length <= slotsMax) return shown;
  const writer = new BodyWriter([]);
  writer.counted(slots, (slot) => writer.u32(slot));
  return `${shown} and ${slots.length - slotsMax} more, ${checksumText(writer)}`;
}

/** The innermost call, which people look for, and a checksum of all. */
function callsText(calls: readonly CallRecord[]): string {
  const innermost = calls.at(-1);
  if (innermost === undefined) return "none";
  const writer = new BodyWriter([]);
  writer.text(calls.map(callText).join());
  const { callee, functionSlot } = innermost;
  const where =
    callee.kind === "lua"
      ? `at instruction ${callee.pc}`
      : `in ${callee.continuation ?? "a C function"}`;
  return `${calls.length}, the innermost stack[${functionSlot}] ${where}, ${checksumText(writer)}`;
}

function callText({ functionSlot, resultsWanted, callStatus, callee, detail }: CallRecord): string {
  const where =
    callee.kind === "lua"
      ? `at instruction ${callee.pc} with ${callee.extraArguments} extra arguments`
      : `${callee.continuation ?? "C"} ${callee.context} ${callee.oldErrorHandlerSlot}`;
  return `stack[${functionSlot}] ${where}, ${resultsWanted} results, ${callStatus} ${detail}`;
}

function prototypeFields(objects: Objects, prototype: PrototypeObject): readonly Field[] {
  const { instructions, firstLine, lastLine } = prototype;
  const name = objectText(objects, prototype);
  const source = sourceText(objects, prototype.source);
  const count = `${instructions.length} instructions`;
  return [
    { name: "", text: `${name}, ${count}, code ${codeChecksum(objects, prototype)}` },
    {
      name: "debug information",
      text: `${source}:${firstLine}-${lastLine}, ${debugChecksum(objects, prototype)}`,
    },
  ];
}

/** Equal for equal code: of ids, which differ from snapshot to snapshot, only what they name. */
function codeChecksum(objects: Objects, prototype: PrototypeObject): string {
  const writer = new BodyWriter([]);
  writer.u8(prototype.parameters);
  writer.flag(prototype.isVararg);
  writer.u8(prototype.stackSlots);
  writer.counted(prototype.instructions, (instruction) => writer.u32(instruction));
  writer.counted(prototype.constants, (constant) => {
    if (constant.kind === "reference") writeString(writer, objects, constant.id);
    else writer.slot(constant);
  });
  writer.counted(prototype.upvalues, ({ isInStack, index, variableKind }) => {
    writer.flag(isInStack);
    writer.u8(index);
    writer.u8(variableKind);
  });
  return checksumText(writer);
}

function debugChecksum(objects: Objects, prototype: PrototypeObject): string {
  const writer = new BodyWriter([]);
  writer.bytes.bytes(prototype.lineDifferences);
  writer.counted(prototype.absoluteLines, ({ pc, line }) => {
    writer.u32(pc);
    writer.u32(line);
  });
  writer.counted(prototype.locals, ({ name, startPc, endPc }) => {
    writeString(writer, objects, name);
    writer.u32(startPc);
    writer.u32(endPc);
  });
  writer.counted(prototype.upvalues, ({ name }) => writeString(writer, objects, name));
  return checksumText(writer);
}

function writeString(writer: BodyWriter, objects: Objects, id: ObjectId | undefined): void {
  const object = id === undefined ? undefined : objects[id];
  writer.u8(objectTags.string);
  if (object?.kind !== "string") return writer.u32(0);
  writer.u32(object.bytes.length);
  writer.u32(stringChecksum(object));
}

/** Taken once: many functions may have one long string among their constants. */
const stringChecksums = new WeakMap<StringObject, number>();

function stringChecksum(object: StringObject): number {
  const known = stringChecksums.get(object);
  if (known !== undefined) return known;
  const checksum = xxh32(object.bytes.toBytes());
  stringChecksums.set(object, checksum);
  return checksum;
}

function checksumText(writer: BodyWriter): string {
  return xxh32(writer.bytes.finish()).toString(16).padStart(8, "0");
}
