/** Takes a snapshot: the body that the guest streams, and the host's part, in one container. */
import { failureName } from "../artifact/abi.ts";
import { type Decoding, decodeValue } from "./decode.ts";
import { DecodeError, UnknownTableError } from "./errors.ts";
import type { Instance } from "./instance.ts";
import type { InstanceSource } from "./instance-source.ts";
import { restoreSnapshot } from "./restore-snapshot.ts";
import { type Failure, failureOf } from "./result.ts";
import type { LuaBytes } from "./scalars.ts";
import { sizedContainer } from "./sized-container.ts";
import { countsOf, type SnapshotLimits } from "./snapshot/container.ts";
import { decodeBody } from "./snapshot/decode-body.ts";
import { refusalsOf, refusalsText } from "./snapshot/paths.ts";
import type { LuaValue } from "./values.ts";

/** A snapshot's bytes, or why there are none. */
export type SnapshotResult = { readonly ok: true; readonly bytes: Uint8Array } | Failure;

export interface SnapshotOptions {
  /** Whether functions keep names and lines, for messages and tracebacks. They do by default. */
  readonly debugInformation?: boolean;
  /** Those that it will be restored with: what is larger is NOT_PERSISTABLE. */
  readonly limits?: Partial<SnapshotLimits>;
}

export interface SnapshotRequest {
  readonly instance: Instance;
  /** Of the instances that will restore it. */
  readonly source: InstanceSource;
  readonly options: SnapshotOptions;
}

/** Of what Lua has: a state that takes no more than this has room to be restored. */
const heapShareMax = 0.75;

/** Throws PoisonedError, DisposedError, BusyError; DecodeError for a body that is none. */
export function takeSnapshot({ instance, source, options }: SnapshotRequest): SnapshotResult {
  const { debugInformation = true, limits } = options;
  const status = instance.serializeState({ isStripped: !debugInformation });
  const body = instance.host.received.take();
  if (failureName(status) === "NOT_PERSISTABLE")
    return notPersistable(body, instance.host.decoding);
  if (status < 0) {
    const { code, message, cause } = instance.refusal(status);
    return failureOf(code, message, cause);
  }
  const counts = countsOf(body);
  if (counts === undefined) throw new DecodeError(`a body of ${body.length} bytes is none`);
  const made = sizedContainer(instance.host, { kind: "snapshot", ...counts, body }, limits);
  if (!made.ok) return failureOf("NOT_PERSISTABLE", `can't be saved: ${made.reason}`);
  return withoutRoom({ instance, source, options }, made.bytes) ?? made;
}

/** Restoring takes a little more than the state itself: where that may be too much, it is tried. */
function withoutRoom(request: SnapshotRequest, saved: Uint8Array): Failure | undefined {
  const { instance, source, options } = request;
  const { heapUsedBytes, heapTotalBytes } = instance.memoryStats();
  if (heapUsedBytes <= heapShareMax * heapTotalBytes) return undefined;
  const tried = restoreSnapshot(source, {
    saved,
    options: { ...options, bytecode: "trusted", failAllocation: 0 },
  });
  if (tried.ok) {
    tried.instance.host.abandon();
    return undefined;
  }
  return failureOf(
    "NOT_PERSISTABLE",
    `can't be saved: it could not be restored (${tried.error}), for ${heapUsedBytes} of ` +
      `${heapTotalBytes} bytes are used; drop some of it`,
  );
}

/** The body has what could not be saved marked, so that its paths can be told. */
function notPersistable(body: Uint8Array, decoding: Decoding): Failure {
  const decoded = decodeBody(body);
  if (!decoded.ok) return failureOf("NOT_PERSISTABLE", `can't be saved; where: ${decoded.reason}`);
  const refusals = refusalsOf(decoded.graph, (error) => errorIn(error, decoding));
  const { refused } = refusals;
  return { ...failureOf("NOT_PERSISTABLE", `can't be saved: ${refusalsText(refusals)}`), refused };
}

/** An error may hold an external table that was collected since; of no bytes it can't be told. */
function errorIn(encoded: LuaBytes, decoding: Decoding): LuaValue {
  if (encoded.length === 0) return "an error object that cannot leave Lua";
  try {
    return decodeValue(encoded.toBytes(), decoding);
  } catch (error) {
    if (error instanceof UnknownTableError) return error.message;
    throw error;
  }
}
