/** What a body must keep to that no object shows alone: counts, and figures of other objects. */
import { DecodeError } from "../check/errors.ts";
import { checkTables } from "./check-tables.ts";
import type { GraphObject, GraphRoots, ObjectId, SnapshotGraph } from "./graph.ts";

/** Throws DecodeError. Ids are known to be of the right kind. */
export function checkGraph(graph: SnapshotGraph, functionCount: number): void {
  const { objects, roots } = graph;
  const count = (kind: GraphObject["kind"]): number =>
    objects.reduce((sum, object) => (object.kind === kind ? sum + 1 : sum), 0);
  if (count("prototype") !== functionCount) {
    throw new DecodeError(`${functionCount} functions announced, ${count("prototype")} are there`);
  }
  const mainThreads = roots.scope === "state" ? 1 : 0;
  // A registry that can't be saved leads to none.
  const mayHaveNone = graph.hasRefusals && count("mainThread") === 0;
  if (count("mainThread") !== mainThreads && !mayHaveNone) {
    throw new DecodeError(`a ${roots.scope} with ${count("mainThread")} main threads`);
  }
  for (const [id, object] of objects.entries()) {
    const fault = objectFault(objects, object);
    if (fault !== undefined) throw new DecodeError(`object ${id}, a ${object.kind}: ${fault}`);
  }
  checkTables(objects);
  checkFinalizable(objects, roots);
}

function objectFault(objects: readonly GraphObject[], object: GraphObject): string | undefined {
  switch (object.kind) {
    case "luaClosure": {
      const prototype = objects[object.prototype];
      const wanted = prototype?.kind === "prototype" ? prototype.upvalues.length : undefined;
      if (wanted === object.upvalues.length) return undefined;
      return `${object.upvalues.length} upvalues; its prototype has ${wanted}`;
    }
    case "upvalue": {
      if (object.state === "closed") return undefined;
      const thread = objects[object.coroutine];
      if (thread?.kind === "refused") return undefined;
      const end = thread !== undefined && "stack" in thread ? thread.stack.length : 0;
      if (object.stackSlot < end) return undefined;
      return `open at stack slot ${object.stackSlot}; there are ${end}`;
    }
    case "prototype": {
      const { instructions, lineDifferences } = object;
      // Lua looks a line up by the instruction, wherever it has lines at all.
      if (lineDifferences.length === 0) return undefined;
      if (lineDifferences.length === instructions.length) return undefined;
      return `${lineDifferences.length} line differences, ${instructions.length} instructions`;
    }
    case "coroutine":
      return callsFault(objects, object);
    case "mainThread":
      // It is never saved in the middle of something.
      return object.toClose.length + object.calls.length > 0 ? "it has calls" : undefined;
    case "userdata": {
      if (object.content.kind !== "gmatch") return undefined;
      const { position, lastMatch, subject } = object.content;
      const text = objects[subject];
      const end = text?.kind === "string" ? text.bytes.length : 0;
      // A search that was told to begin behind the end stands one byte behind it.
      if (position <= end + 1 && (lastMatch ?? 0) <= end) return undefined;
      return `gmatch at ${position} and ${lastMatch} in ${end} bytes`;
    }
    default:
      return undefined;
  }
}

/** Lua's LUA_YIELD. */
const waitingStatus = 1;

/** What each call needs at its place on the stack. */
function callsFault(
  objects: readonly GraphObject[],
  { status, stack, calls }: Extract<GraphObject, { kind: "coroutine" | "mainThread" }>,
): string | undefined {
  for (const { functionSlot, callee } of calls) {
    const value = stack[functionSlot];
    const called = value?.kind === "reference" ? objects[value.id] : undefined;
    if (value?.kind === "refused" || called?.kind === "refused") continue;
    const isC = value?.kind === "cFunction" || called?.kind === "cClosure";
    if (callee.kind === "c" ? !isC : called?.kind !== "luaClosure") {
      return `no ${callee.kind} function is called at stack slot ${functionSlot}`;
    }
    const prototype = called?.kind === "luaClosure" ? objects[called.prototype] : undefined;
    const end = prototype?.kind === "prototype" ? prototype.instructions.length : 0;
    // A function that failed for memory may not have come to its first instruction.
    const least = status === waitingStatus ? 1 : 0;
    if (callee.kind === "lua" && (callee.pc < least || callee.pc > end)) {
      return `a call stands at instruction ${callee.pc} of ${end}`;
    }
  }
  return undefined;
}

/** The list of a state has each object with a finalizer once, and no other. */
function checkFinalizable(objects: readonly GraphObject[], roots: GraphRoots): void {
  if (roots.scope === "value") return;
  const listed = new Set<ObjectId>(roots.finalizable);
  if (listed.size !== roots.finalizable.length) {
    throw new DecodeError("an object is listed twice among those with finalizers");
  }
  for (const [id, object] of objects.entries()) {
    const hasFinalizer = "hasFinalizer" in object && object.hasFinalizer;
    if (hasFinalizer === listed.has(id)) continue;
    throw new DecodeError(
      hasFinalizer
        ? `object ${id} has a finalizer and is not listed`
        : `object ${id} is listed as one with a finalizer`,
    );
  }
}
