/** Decodes a coroutine's contents: its stack, the variables to close, and its calls. */
import { DecodeError } from "../check/errors.ts";
import { bodyFields as fields } from "./body-fields.ts";
import { calleeTags, callStatusBits, noName } from "./body-format.ts";
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
  const status = reader.number(fields.coroutineStatus);
  const hookAllowed = reader.flag(fields.coroutineAllowsHook);
  const hookMask = reader.number(fields.coroutineHookMask);
  const hookCountBase = reader.number(fields.coroutineHookCountBase);
  const hookCount = reader.number(fields.coroutineHookCount);
  const errorHandlerSlot = reader.number(fields.coroutineErrorHandler);
  const stackSizeSlots = reader.number(fields.coroutineStackSize);
  const stack = reader.counted(fields.coroutineStackUsed, 1, () => reader.slot());
  if (stack.length > stackSizeSlots) {
    throw new DecodeError(`${stack.length} slots are used of ${stackSizeSlots}`);
  }
  if (errorHandlerSlot !== 0) checkSlot(errorHandlerSlot, stack.length, "its error handler");
  const toClose = toCloseOf(reader, stack.length);
  const calls = reader.counted(fields.coroutineCalls, callBytesMin, () => callOf(reader));
  let before: CallRecord | undefined;
  for (const call of calls) {
    checkCall(call, { before, used: stack.length, size: stackSizeSlots });
    before = call;
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

function toCloseOf(reader: BodyReader, used: number): readonly number[] {
  const toClose = reader.counted(fields.coroutineVariablesToClose, 4, () =>
    reader.number(fields.coroutineVariableToClose),
  );
  for (const [i, slot] of toClose.entries()) {
    checkSlot(slot, used, "a variable to close");
    const before = toClose[i - 1];
    if (before !== undefined && before >= slot) {
      throw new DecodeError(`variables to close at ${before} and then ${slot}`);
    }
  }
  return toClose;
}

function checkSlot(slot: number, end: number, what: string): void {
  if (slot >= end) throw new DecodeError(`${what} is at stack slot ${slot}; there are ${end}`);
}

/** A frame begins behind the function of the one before, and ends behind its own. */
function checkCall(
  { functionSlot, topSlot, callee, callStatus }: CallRecord,
  stack: { readonly before: CallRecord | undefined; readonly used: number; readonly size: number },
): void {
  const { before, used, size } = stack;
  checkSlot(functionSlot, used, "a function");
  checkSlot(topSlot, size + 1, "a call's top");
  const last = before?.functionSlot ?? 0;
  if (functionSlot <= last || topSlot <= functionSlot) {
    throw new DecodeError(`a call at ${functionSlot} to ${topSlot} behind one at ${last}`);
  }
  if ((callee.kind === "c") !== ((callStatus & callStatusBits.c) !== 0)) {
    throw new DecodeError(`call status 0x${callStatus.toString(16)} of a ${callee.kind} function`);
  }
  if (callee.kind === "c") checkSlot(callee.oldErrorHandlerSlot, used, "an error handler");
}

function callOf(reader: BodyReader): CallRecord {
  const functionSlot = reader.number(fields.callFunction);
  const topSlot = reader.number(fields.callTop);
  const resultsWanted = reader.number(fields.callResults);
  const callStatus = reader.number(fields.callStatus);
  const callee = calleeOf(reader);
  const detail = reader.number(fields.callDetail);
  return { functionSlot, topSlot, resultsWanted, callStatus, callee, detail };
}

function calleeOf(reader: BodyReader): CallRecord["callee"] {
  if (reader.number(fields.callIsC) === calleeTags.lua) {
    const pc = reader.number(fields.callInstruction);
    return { kind: "lua", pc, extraArguments: reader.number(fields.callExtraArguments) };
  }
  const index = reader.orNone(fields.callContinuation, noName);
  return {
    kind: "c",
    continuation: index === undefined ? undefined : reader.nameAt(index),
    context: reader.number(fields.callContext),
    oldErrorHandlerSlot: reader.number(fields.callOldErrorHandler),
  };
}
