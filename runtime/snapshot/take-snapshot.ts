/** Takes a snapshot: the body that the guest streams, and the host's part, in one container. */
import { failureName } from "../abi/abi.ts";
import { DecodeError, UnknownTableError } from "../check/errors.ts";
import { decodeBody } from "../graph/decode-body.ts";
import type { SnapshotLimits } from "../graph/limits.ts";
import type { Instance } from "../instance/instance.ts";
import type { InstanceSource } from "../instance/instance-source.ts";
import { type Failure, failureOf } from "../instance/result.ts";
import type { LuaBytes } from "../scalar/scalars.ts";
import { type Decoding, decodeValue } from "../value/decode.ts";
import type { LuaValue } from "../value/values.ts";
import { countsOf } from "./container.ts";
import { failingMakers } from "./failing-makers.ts";
import { type Refusals, refusalsOf, refusalsText } from "./refusals.ts";
import { restoreSnapshot } from "./restore-snapshot.ts";
import { sizedContainer } from "./sized-container.ts";

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

/** The answer of `serialize_state` for a state with makers (docs/FORMATS.md). */
const hasMakers = 1;
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
  const { heapUsedBytes, heapTotalBytes } = instance.memoryStats();
  const hasRoom = heapUsedBytes <= heapShareMax * heapTotalBytes;
  if (hasRoom && status !== hasMakers) return made;
  // Restoring takes a little more than the state, and what makes objects anew may take anything.
  const { environment } = source;
  const restoring = { ...options, bytecode: "trusted", failAllocation: 0 } as const;
  const unrestorable = (saved: Uint8Array): string | undefined => {
    // Nothing may call the core meanwhile.
    const tried = instance.aside(() =>
      environment.silently(() => restoreSnapshot(source, { saved, options: restoring })),
    );
    // Makers may have made tables.
    environment.tables.expectGarbage();
    if (!tried.ok) return String(tried.error);
    tried.instance.host.abandon();
    return undefined;
  };
  const why = unrestorable(made.bytes);
  if (why === undefined) return made;
  const makers = status === hasMakers ? failingMakers(made.bytes, unrestorable) : undefined;
  if (makers !== undefined && makers.count > 0) return refusedFailure(makers);
  const used = `${heapUsedBytes} of ${heapTotalBytes} bytes of the heap are used`;
  const reason = `can't be saved: it could not be restored: ${why} (${used})`;
  return failureOf("NOT_PERSISTABLE", reason);
}

/** The body has what could not be saved marked, so that its paths can be told. */
function notPersistable(body: Uint8Array, decoding: Decoding): Failure {
  const decoded = decodeBody(body);
  if (!decoded.ok) return failureOf("NOT_PERSISTABLE", `can't be saved; where: ${decoded.reason}`);
  return refusedFailure(refusalsOf(decoded.graph, (error) => errorIn(error, decoding)));
}

function refusedFailure(refusals: Refusals): Failure {
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
