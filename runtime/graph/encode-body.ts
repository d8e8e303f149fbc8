/** Encodes a graph as the body that the guest makes and reads: the reverse of decode-body. */
import {
  bodyBegin,
  bodyEnd,
  bodyFlags,
  bodyVersion,
  collectorModes,
  figureSizes,
  finalizerBit,
  noHash,
  objectTags,
  scopes,
  userdataTypes,
} from "./body-format.ts";
import { BodyWriter } from "./body-writer.ts";
import { writeContent } from "./encode-objects.ts";
import type { GraphObject, GraphRoots, SnapshotGraph } from "./graph.ts";
import { luaRelease } from "./limits.ts";

/**
 * The body of a graph: for one that `decodeBody` gave, the same bytes. A graph that breaks a rule
 * is written as it is, and `decodeBody` refuses the bytes. Throws EncodeError for a C function
 * that is not among the graph's names.
 */
export function encodeBody(graph: SnapshotGraph): Uint8Array<ArrayBuffer> {
  const writer = new BodyWriter(graph.names);
  writePrologue(writer, graph);
  for (const object of graph.objects) writeShell(writer, object);
  for (const object of graph.objects) writeContent(writer, object);
  writeRoots(writer, graph.roots);
  writer.text(bodyEnd);
  return writer.bytes.finish();
}

function writePrologue(writer: BodyWriter, graph: SnapshotGraph): void {
  writer.text(bodyBegin);
  writer.u16(bodyVersion);
  writer.u8(scopes[graph.roots.scope]);
  writer.u8(
    (graph.hasDebugInformation ? bodyFlags.debugInformation : 0) |
      (graph.hasRefusals ? bodyFlags.refusals : 0),
  );
  writer.u32(luaRelease);
  for (const size of figureSizes) writer.u8(size);
  writer.u32(graph.objects.length);
  writer.u32(graph.objects.filter(({ kind }) => kind === "prototype").length);
  writer.u32(graph.names.length);
  writer.u32(graph.hashSeed);
  for (const name of graph.names) {
    writer.u8(name.length);
    writer.text(name);
  }
}

function writeShell(writer: BodyWriter, object: GraphObject): void {
  const hasFinalizer = "hasFinalizer" in object && object.hasFinalizer;
  writer.u8(objectTags[object.kind] | (hasFinalizer ? finalizerBit : 0));
  if ("salt" in object) writer.u16(object.salt);
  switch (object.kind) {
    case "string":
      writer.u32(object.bytes.length);
      return writer.bytes.bytes(object.bytes.toBytes());
    case "table":
      writer.u32(object.array.length);
      return writer.u8(object.hash === undefined ? noHash : Math.log2(object.hash.nodes.length));
    case "luaClosure":
    case "cClosure":
      return writer.u8(object.upvalues.length);
    case "userdata":
      return writer.u8(userdataTypes.indexOf(object.content.kind));
    case "refused":
      writer.refusal(object.refusal);
      if (object.error === undefined) return;
      writer.u32(object.error.length);
      return writer.bytes.bytes(object.error.toBytes());
    case "namedTable":
      writer.u32(object.name.length);
      return writer.bytes.bytes(object.name.toBytes());
    case "tableHandle":
      return writer.u32(object.table);
    case "coroutine":
    case "mainThread":
    case "rebuilt":
    case "upvalue":
    case "prototype":
      return;
  }
}

function writeRoots(writer: BodyWriter, roots: GraphRoots): void {
  if (roots.scope === "value") return writer.slot(roots.value);
  writer.u32(roots.registry);
  for (const metatable of roots.metatables) writer.optionalId(metatable);
  writer.counted(roots.finalizable, (id) => writer.u32(id));
  const { collector } = roots;
  writer.u8(collectorModes.indexOf(collector.mode));
  writer.flag(collector.isStopped);
  writer.u8(collector.pause);
  writer.u8(collector.stepMultiplier);
  writer.u8(collector.stepSize);
  writer.u8(collector.minorMultiplier);
  writer.u8(collector.majorMultiplier);
  writer.flag(roots.warningsOn);
  return writer.u32(roots.latestSalt);
}
