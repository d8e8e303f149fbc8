/** Encodes the contents of each kind of object. */
import {
  calleeTags,
  deadKeyTag,
  noId,
  noName,
  standardFiles,
  upvalueStates,
} from "./body-format.ts";
import type { BodyWriter } from "./body-writer.ts";
import type {
  CallRecord,
  CoroutineObject,
  GraphObject,
  HashNode,
  PrototypeObject,
  TableObject,
  UserdataContent,
} from "./graph.ts";

export function writeContent(writer: BodyWriter, object: GraphObject): void {
  switch (object.kind) {
    case "string":
    case "refused":
    case "namedTable":
    case "tableHandle":
      return;
    case "table":
      return writeTable(writer, object);
    case "upvalue":
      writer.u8(upvalueStates[object.state]);
      if (object.state === "closed") return writer.slot(object.value);
      writer.u32(object.coroutine);
      return writer.u32(object.stackSlot);
    case "luaClosure":
      writer.u32(object.prototype);
      for (const upvalue of object.upvalues) writer.u32(upvalue);
      return;
    case "cClosure":
      writer.name(object.name);
      for (const upvalue of object.upvalues) writer.slot(upvalue);
      return;
    case "coroutine":
    case "mainThread":
      return writeCoroutine(writer, object);
    case "userdata":
      writer.optionalId(object.metatable);
      return writeUserdata(writer, object.content);
    case "rebuilt":
      return writer.u32(object.rebuilder);
    case "prototype":
      return writePrototype(writer, object);
  }
}

function writeTable(writer: BodyWriter, table: TableObject): void {
  writer.optionalId(table.metatable);
  writer.u32(table.arrayLimit);
  if (table.hash !== undefined) writer.u32(table.hash.lastFree);
  for (const value of table.array) writer.slot(value);
  for (const node of table.hash?.nodes ?? []) writeNode(writer, node);
}

function writeNode(writer: BodyWriter, node: HashNode): void {
  switch (node.kind) {
    case "free":
      return writer.slot({ kind: "nil" });
    case "dead":
      writer.u8(deadKeyTag);
      return writer.optionalId(node.key);
    case "entry":
      writer.slot(node.key);
      return writer.slot(node.value);
  }
}

function writeCoroutine(writer: BodyWriter, coroutine: CoroutineObject): void {
  writer.u8(coroutine.status);
  writer.flag(coroutine.hookAllowed);
  writer.u8(coroutine.hookMask);
  writer.u32(coroutine.hookCountBase);
  writer.u32(coroutine.hookCount);
  writer.u32(coroutine.errorHandlerSlot);
  writer.u32(coroutine.stackSizeSlots);
  writer.counted(coroutine.stack, (value) => writer.slot(value));
  writer.counted(coroutine.toClose, (slot) => writer.u32(slot));
  writer.counted(coroutine.calls, (call) => writeCall(writer, call));
}

function writeCall(writer: BodyWriter, call: CallRecord): void {
  const { callee } = call;
  writer.u32(call.functionSlot);
  writer.u32(call.topSlot);
  writer.i32(call.resultsWanted);
  writer.u32(call.callStatus);
  writer.u8(calleeTags[callee.kind]);
  if (callee.kind === "lua") {
    writer.u32(callee.pc);
    writer.u32(callee.extraArguments);
  } else {
    if (callee.continuation === undefined) writer.u16(noName);
    else writer.name(callee.continuation);
    writer.i32(callee.context);
    writer.u32(callee.oldErrorHandlerSlot);
  }
  writer.u32(call.detail);
}

function writeUserdata(writer: BodyWriter, content: UserdataContent): void {
  switch (content.kind) {
    case "externalTable":
      return writer.u32(content.table);
    case "iterator":
      return writer.i32(content.number);
    case "random":
      for (const word of content.words) writer.u64(word);
      return;
    case "gmatch":
      writer.u32(content.subject);
      writer.u32(content.pattern);
      writer.u32(content.position);
      return writer.u32(content.lastMatch ?? noId);
    case "file":
      writer.u8(standardFiles.indexOf(content.file));
      return writer.flag(content.isClosed);
  }
}

function writePrototype(writer: BodyWriter, prototype: PrototypeObject): void {
  writer.optionalId(prototype.source);
  writer.u32(prototype.firstLine);
  writer.u32(prototype.lastLine);
  writer.u8(prototype.parameters);
  writer.flag(prototype.isVararg);
  writer.u8(prototype.stackSlots);
  writer.counted(prototype.instructions, (instruction) => writer.u32(instruction));
  writer.counted(prototype.constants, (constant) => writer.slot(constant));
  writer.counted(prototype.upvalues, (upvalue) => {
    writer.flag(upvalue.isInStack);
    writer.u8(upvalue.index);
    writer.u8(upvalue.variableKind);
    writer.optionalId(upvalue.name);
  });
  writer.counted(prototype.prototypes, (id) => writer.u32(id));
  writer.u32(prototype.lineDifferences.length);
  writer.bytes.bytes(prototype.lineDifferences);
  writer.counted(prototype.absoluteLines, ({ pc, line }) => {
    writer.u32(pc);
    writer.u32(line);
  });
  writer.counted(prototype.locals, ({ name, startPc, endPc }) => {
    writer.optionalId(name);
    writer.u32(startPc);
    writer.u32(endPc);
  });
}
