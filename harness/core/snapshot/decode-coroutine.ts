/** Decodes a coroutine's contents: its stack, the variables to close, and its calls. */
import { DecodeError } from "../errors.ts";
import { calleeTags, noName } from "./body-format.ts";
import type { BodyReader } from "./body-reader.ts";
import type { CallRecord, CoroutineObject } from "./graph.ts";

/** The shortest call: four figures, the tag, two more figures, the detail. */
const callBytesMin = 29;

/** Throws DecodeError; a slot number that leads out of the stack is one of the reasons. */
export function coroutineOf(
  reader: BodyReader,
  kind: CoroutineObject["kind"],
  salt: number,
): CoroutineObject {
  const status = reader.u8();
  const hookAllowed = reader.flag("whether hooks are allowed");
  const hookMask = reader.u8();
  const hookCountBase = reader.u32();
  const hookCount = reader.u32();
  const errorHandlerSlot = reader.u32();
  const stackSizeSlots = reader.u32();
  const stack = reader.counted(1, () => reader.slot());
  if (stack.length > stackSizeSlots) {
    throw new DecodeError(`${stack.length} slots are used of ${stackSizeSlots}`);
  }
  if (errorHandlerSlot !== 0) checkSlot(errorHandlerSlot, stack.length, "its error handler");
  const toClose = reader.counted(4, () => reader.u32());
  for (const [i, slot] of toClose.entries()) {
    checkSlot(slot, stack.length, "a variable to close");
    const before = toClose[i - 1];
    if (before !== undefined && before >= slot) {
      throw new DecodeError(`variables to close at ${before} and then ${slot}`);
    }
  }
  const calls = reader.counted(callBytesMin, () => callOf(reader));
  for (const { functionSlot, topSlot } of calls) {
    checkSlot(functionSlot, stack.length, "a function");
    checkSlot(topSlot, stackSizeSlots + 1, "a call's top");
  }
  return {
    kind,
    salt,
    status,
    hookAllowed,
    hookMask,
    hookCountBase,
    hookCount,
    errorHandlerSlot,
    stackSizeSlots,
    stack,
    toClose,
    calls,
  };
}

function checkSlot(slot: number, end: number, what: string): void {
  if (slot >= end) throw new DecodeError(`${what} is at stack slot ${slot}; there are ${end}`);
}

function callOf(reader: BodyReader): CallRecord {
  const functionSlot = reader.u32();
  const topSlot = reader.u32();
  const resultsWanted = reader.i32();
  const callStatus = reader.u32();
  const callee = calleeOf(reader);
  return { functionSlot, topSlot, resultsWanted, callStatus, callee, detail: reader.u32() };
}

function calleeOf(reader: BodyReader): CallRecord["callee"] {
  const tag = reader.u8();
  if (tag === calleeTags.lua) {
    return { kind: "lua", pc: reader.u32(), extraArguments: reader.u32() };
  }
  if (tag !== calleeTags.c) throw new DecodeError(`${tag} is no kind of call`);
  const index = reader.u16();
  const continuation = index === noName ? undefined : reader.nameAt(index);
  return { kind: "c", continuation, context: reader.i32(), oldErrorHandlerSlot: reader.u32() };
}
