/** Takes a snapshot: the body that the guest streams, and the host's part, in one container. */
import { failureName } from "../artifact/abi.ts";
import { DecodeError } from "./errors.ts";
import type { Instance } from "./instance.ts";
import { type Failure, failureOf } from "./result.ts";
import { sizedContainer } from "./sized-container.ts";
import { countsOf, type SnapshotLimits } from "./snapshot/container.ts";
import { decodeBody } from "./snapshot/decode-body.ts";
import { refusalsOf, refusalsText } from "./snapshot/paths.ts";

/** A snapshot's bytes, or why there are none. */
export type SnapshotResult = { readonly ok: true; readonly bytes: Uint8Array } | Failure;

export interface SnapshotOptions {
  /** Whether functions keep names and lines, for messages and tracebacks. They do by default. */
  readonly debugInformation?: boolean;
  /** Those that it will be restored with: what is larger is NOT_PERSISTABLE. */
  readonly limits?: Partial<SnapshotLimits>;
}

/** Throws PoisonedError, DisposedError, BusyError; DecodeError for a body that is none. */
export function takeSnapshot(
  instance: Instance,
  { debugInformation = true, limits }: SnapshotOptions,
): SnapshotResult {
  const status = instance.serializeState({ isStripped: !debugInformation });
  const body = instance.host.received.take();
  if (failureName(status) === "NOT_PERSISTABLE") return notPersistable(body);
  if (status < 0) {
    const { code, message, cause } = instance.refusal(status);
    return failureOf(code, message, cause);
  }
  const counts = countsOf(body);
  if (counts === undefined) throw new DecodeError(`a body of ${body.length} bytes is none`);
  const made = sizedContainer(instance.host, { kind: "snapshot", ...counts, body }, limits);
  return made.ok ? made : failureOf("NOT_PERSISTABLE", `can't be saved: ${made.reason}`);
}

/** The body has what could not be saved marked, so that its paths can be told. */
function notPersistable(body: Uint8Array): Failure {
  const decoded = decodeBody(body);
  if (!decoded.ok) throw new DecodeError(`the body of what can't be saved: ${decoded.reason}`);
  const refusals = refusalsOf(decoded.graph);
  const { refused } = refusals;
  return { ...failureOf("NOT_PERSISTABLE", `can't be saved: ${refusalsText(refusals)}`), refused };
}
