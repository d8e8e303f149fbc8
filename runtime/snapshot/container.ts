/** The container of snapshots and images: header, host section, body, and what is checked first. */

import { xxh32 } from "../bytes/xxh32.ts";
import { defaultLimits, luaRelease, type SnapshotLimits } from "../graph/limits.ts";

export type ContainerKind = "snapshot" | "image";

/** What lies in a container; docs/FORMATS.md, "Container". */
export interface Container {
  readonly kind: ContainerKind;
  /** Lua function prototypes in the body: more than none is bytecode. 0 in an image. */
  readonly functionCount: number;
  /** 0 in an image. */
  readonly objectCount: number;
  /** The host section: one encoded value. */
  readonly host: Uint8Array;
  readonly body: Uint8Array;
}

/** A container that was read: `host` and `body` are views of the bytes, not copies. */
export interface ReadContainer extends Container {
  /** It ends in a MAC. This says nothing about who made it: only `openSnapshot` checks the MAC. */
  readonly sealed: boolean;
}

export type ContainerResult =
  | { readonly ok: true; readonly container: ReadContainer }
  | { readonly ok: false; readonly reason: string };

export const headerBytes = 48;
export const macBytes = 32;
const sealedFlag = 1;
/** The bit above ASCII, the line ends and the end-of-file sign each break in a text transfer. */
const containerMagic: readonly number[] = [0x89, 0x4c, 0x50, 0x57, 0x53, 0x0d, 0x0a, 0x1a];
const formatVersion = 1;
const kindNumbers: Readonly<Record<ContainerKind, number>> = { snapshot: 1, image: 2 };

const at = {
  version: 8,
  kind: 10,
  flags: 12,
  luaRelease: 16,
  hostLength: 20,
  bodyLength: 24,
  functionCount: 28,
  objectCount: 32,
  zero: 36,
  contentsChecksum: 40,
  headerChecksum: 44,
} as const;
/** Where a body has its own counts. */
const inBody = { objectCount: 16, functionCount: 20 } as const;

export function writeContainer(container: Container): Uint8Array<ArrayBuffer> {
  const { host, body } = container;
  const bytes = new Uint8Array(headerBytes + host.length + body.length);
  const view = new DataView(bytes.buffer);
  bytes.set(containerMagic);
  view.setUint16(at.version, formatVersion, true);
  view.setUint16(at.kind, kindNumbers[container.kind], true);
  view.setUint32(at.luaRelease, luaRelease, true);
  view.setUint32(at.hostLength, host.length, true);
  view.setUint32(at.bodyLength, body.length, true);
  view.setUint32(at.functionCount, container.functionCount, true);
  view.setUint32(at.objectCount, container.objectCount, true);
  bytes.set(host, headerBytes);
  bytes.set(body, headerBytes + host.length);
  view.setUint32(at.contentsChecksum, xxh32(bytes.subarray(headerBytes)), true);
  view.setUint32(at.headerChecksum, xxh32(bytes.subarray(0, at.headerChecksum)), true);
  return bytes;
}

/** The same container with room for a MAC, and with the flag that says so. It has none yet. */
export function withRoomForMac(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const sealed = new Uint8Array(bytes.length + macBytes);
  sealed.set(bytes);
  const view = new DataView(sealed.buffer);
  view.setUint32(at.flags, sealedFlag, true);
  view.setUint32(at.headerChecksum, xxh32(sealed.subarray(0, at.headerChecksum)), true);
  return sealed;
}

/** Checks all that can be checked without building anything. Throws nothing, whatever the bytes. */
export function readContainer(
  bytes: Uint8Array,
  limits: Partial<SnapshotLimits> = {},
): ContainerResult {
  const tooLarge = sizeFault({ bytes: bytes.length, objectCount: 0 }, limits);
  if (tooLarge !== undefined) return refused(tooLarge);
  if (bytes.length < headerBytes) {
    return refused(`${bytes.length} bytes are no snapshot: its header alone has ${headerBytes}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const fault = headerFault(bytes, view) ?? lengthFault(view);
  if (fault !== undefined) return refused(fault);
  const kind = kindOf(view);
  if (kind === undefined) return refused(`kind ${view.getUint16(at.kind, true)} is not known`);
  const bodyFrom = headerBytes + view.getUint32(at.hostLength, true);
  const bodyTo = bodyFrom + view.getUint32(at.bodyLength, true);
  if (xxh32(bytes.subarray(headerBytes, bodyTo)) !== view.getUint32(at.contentsChecksum, true)) {
    return refused("damaged: the checksum of the contents does not match");
  }
  const container: ReadContainer = {
    kind,
    functionCount: view.getUint32(at.functionCount, true),
    objectCount: view.getUint32(at.objectCount, true),
    host: bytes.subarray(headerBytes, bodyFrom),
    body: bytes.subarray(bodyFrom, bodyTo),
    sealed: isSealed(view),
  };
  const wrongCount = countFault(container, limits);
  return wrongCount === undefined ? { ok: true, container } : refused(wrongCount);
}

/** Why a container of this size is not taken; undefined when it is. */
export function sizeFault(
  size: { readonly bytes: number; readonly objectCount: number },
  limits: Partial<SnapshotLimits>,
): string | undefined {
  const { bytesMax, objectsMax } = { ...defaultLimits, ...limits };
  const { bytes, objectCount } = size;
  if (bytes > bytesMax) return `${bytes} bytes are more than the limit of ${bytesMax}`;
  if (objectCount <= objectsMax) return undefined;
  return `${objectCount} objects are more than the limit of ${objectsMax}`;
}

/** The header on its own: whether this is one of ours, whole, and of a version read here. */
function headerFault(bytes: Uint8Array, view: DataView): string | undefined {
  if (containerMagic.some((byte, i) => bytes[i] !== byte)) {
    return "no snapshot: the first eight bytes are others";
  }
  if (xxh32(bytes.subarray(0, at.headerChecksum)) !== view.getUint32(at.headerChecksum, true)) {
    return "damaged: the checksum of the header does not match";
  }
  const version = view.getUint16(at.version, true);
  if (version !== formatVersion) {
    return `format version ${version}; this library reads version ${formatVersion}`;
  }
  const release = view.getUint32(at.luaRelease, true);
  if (release !== luaRelease) {
    return `made by Lua release ${release}; this is Lua release ${luaRelease}`;
  }
  const flags = view.getUint32(at.flags, true);
  if ((flags & ~sealedFlag) !== 0) return `unknown flags 0x${flags.toString(16)}`;
  return view.getUint32(at.zero, true) === 0 ? undefined : "bytes 36 to 39 are not 0";
}

function lengthFault(view: DataView): string | undefined {
  const expected =
    headerBytes +
    view.getUint32(at.hostLength, true) +
    view.getUint32(at.bodyLength, true) +
    (isSealed(view) ? macBytes : 0);
  if (view.byteLength === expected) return undefined;
  return `${view.byteLength} bytes; the header announces ${expected}`;
}

function countFault(container: Container, limits: Partial<SnapshotLimits>): string | undefined {
  const { kind, functionCount, objectCount, body } = container;
  if (kind === "image") {
    return functionCount === 0 && objectCount === 0 ? undefined : "an image counts no objects";
  }
  const tooMany = sizeFault({ bytes: 0, objectCount }, limits);
  if (tooMany !== undefined) return tooMany;
  const inside = countsOf(body);
  if (inside === undefined) return `a body of ${body.length} bytes is none`;
  if (inside.objectCount === objectCount && inside.functionCount === functionCount) {
    return undefined;
  }
  return (
    `the header counts ${objectCount} objects and ${functionCount} functions, ` +
    `the body ${inside.objectCount} and ${inside.functionCount}`
  );
}

/** What a body itself counts; undefined: it is too short to be one. */
export function countsOf(
  body: Uint8Array,
): Pick<Container, "objectCount" | "functionCount"> | undefined {
  if (body.length < inBody.functionCount + 4) return undefined;
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  return {
    objectCount: view.getUint32(inBody.objectCount, true),
    functionCount: view.getUint32(inBody.functionCount, true),
  };
}

function kindOf(view: DataView): ContainerKind | undefined {
  const number = view.getUint16(at.kind, true);
  if (number === kindNumbers.snapshot) return "snapshot";
  return number === kindNumbers.image ? "image" : undefined;
}

function isSealed(view: DataView): boolean {
  return (view.getUint32(at.flags, true) & sealedFlag) !== 0;
}

function refused(reason: string): ContainerResult {
  return { ok: false, reason };
}
