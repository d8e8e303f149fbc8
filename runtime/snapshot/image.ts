/** Images: a copy of the whole memory, bound to the build of the wasm that it was taken from. */
import { buildIdBytes, memoryBytes, stackBytes } from "../abi/abi.ts";
import { UsageError } from "../check/errors.ts";
import type { Instance } from "../instance/instance.ts";
import type { InstanceSource, Replacement } from "../instance/instance-source.ts";
import { failureOf } from "../instance/result.ts";
import { missingFor, putHandles, putHostSection } from "./host-state.ts";
import { readSaved, type Saved, type Trust } from "./saved.ts";
import { sizedContainer } from "./sized-container.ts";

const stackPointerAt = buildIdBytes;
const memoryAt = buildIdBytes + 4;
const bodyBytes = memoryAt + memoryBytes;

/**
 * Throws UsageError for a wasm without a build id and for what would be too large to be loaded,
 * PoisonedError, DisposedError, BusyError.
 */
export function takeImage(instance: Instance, { buildId }: InstanceSource): Uint8Array {
  const memory = instance.memory();
  if (buildId === undefined) throw new UsageError(withoutBuildId);
  const body = new Uint8Array(bodyBytes);
  body.set(buildId);
  new DataView(body.buffer).setUint32(stackPointerAt, instance.stackPointer(), true);
  // At rest nothing lives on the stack: what earlier calls left there stays out of the image.
  body.set(memory.subarray(stackBytes), memoryAt + stackBytes);
  const parts = { kind: "image", functionCount: 0, objectCount: 0, body } as const;
  const made = sizedContainer(instance.host, parts);
  if (!made.ok) throw new UsageError(`no image: ${made.reason}`);
  return made.bytes;
}

/** Throws UsageError for what are no bytes. */
export function restoreImage(
  source: InstanceSource,
  { saved, options }: { readonly saved: Saved; readonly options: Trust },
): Replacement {
  const read = readSaved(saved, { kind: "image", ...options });
  if (!read.ok) return read;
  const { host: section, body, isTrusted } = read;
  if (!isTrusted) {
    return failureOf(
      "BAD_SNAPSHOT",
      "an image is memory with code in it, and one of a stranger can do anything with the core: " +
        "open it with its key (openSnapshot), or, where you trust whoever made it, load it with " +
        '{ bytecode: "trusted" }',
    );
  }
  const fault = faultOf(body, source) ?? missingFor(section, source.environment);
  if (fault !== undefined) return fault;
  const made = source.replacement((instance) => {
    if (instance.stackPointer() !== stackPointerOf(body)) {
      return failureOf("BAD_SNAPSHOT", "the image was not taken between calls");
    }
    instance.memory().set(body.subarray(memoryAt + stackBytes), stackBytes);
    putHostSection(instance.host, section);
    putHandles(instance.host, section);
    return undefined;
  });
  if (made.ok) source.environment.tables.skipIdsBelow(section.nextTable);
  return made;
}

function faultOf(body: Uint8Array, { buildId }: InstanceSource) {
  if (body.length !== bodyBytes) {
    return failureOf("BAD_SNAPSHOT", `an image has ${bodyBytes} bytes, not ${body.length}`);
  }
  if (buildId === undefined) return failureOf("BAD_SNAPSHOT", withoutBuildId);
  if (buildId.every((byte, i) => byte === body[i])) return undefined;
  return failureOf(
    "BAD_SNAPSHOT",
    "the image was taken from another build of the wasm: load it with that one, or save a " +
      "snapshot instead, which every build restores",
  );
}

function stackPointerOf(body: Uint8Array): number {
  return new DataView(body.buffer, body.byteOffset).getUint32(stackPointerAt, true);
}

const withoutBuildId =
  "this wasm does not say which build it is, so that no image can be bound to it: " +
  "use one that npm run build made, with its custom sections";
