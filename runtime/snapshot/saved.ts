/** What snapshots and images have in common: bytes that are checked before anything is made. */

import { memoryBytes } from "../abi/abi.ts";
import { DecodeError } from "../check/errors.ts";
import { copyOfBytes, isBytes } from "../check/given-bytes.ts";
import type { SnapshotLimits } from "../graph/limits.ts";
import { type Failure, failureOf } from "../instance/result.ts";
import { AuthenticSnapshot } from "./authentic.ts";
import { type ContainerKind, type ReadContainer, readContainer } from "./container.ts";
import { decodeHostSection, type HostSection } from "./host-section.ts";

/** A snapshot or an image: bytes of unknown origin, or ones whose key was checked. */
export type Saved = Uint8Array | AuthenticSnapshot;

export interface Trust {
  /**
   * Whether bytecode is taken from bytes that nobody vouches for: "refused" by default. An
   * AuthenticSnapshot needs no choice.
   */
  readonly bytecode?: "refused" | "trusted";
}

export interface ReadSnapshot extends Pick<ReadContainer, "body" | "functionCount"> {
  readonly ok: true;
  readonly isTrusted: boolean;
  readonly host: HostSection;
}

export type ReadSaved = ReadSnapshot | Failure;

interface ReadOptions extends Trust {
  readonly kind: ContainerKind;
  readonly limits?: Partial<SnapshotLimits>;
}

/** Throws UsageError for what is neither bytes nor an AuthenticSnapshot. */
export function readSaved(saved: Saved, options: ReadOptions): ReadSaved {
  const { kind, bytecode, limits } = options;
  const isAuthentic = AuthenticSnapshot.is(saved);
  const read = readContainer(isAuthentic ? saved.bytes : bytesOf(saved, options), limits);
  if (!read.ok) return failureOf("BAD_SNAPSHOT", read.reason);
  const { container } = read;
  if (container.kind !== kind) {
    const remedy = kind === "image" ? "restore" : "loadImage";
    return failureOf("BAD_SNAPSHOT", `this is no ${kind}: pass it to ${remedy}`);
  }
  const isTrusted = isAuthentic || bytecode === "trusted";
  const largest = Math.max(container.host.length, container.body.length);
  if (!isTrusted && kind === "snapshot" && largest > memoryBytes) {
    const reason = `a part of ${largest} bytes is no data of a core with ${memoryBytes} of memory`;
    return failureOf("BAD_SNAPSHOT", reason);
  }
  try {
    return {
      ok: true,
      isTrusted,
      host: decodeHostSection(container.host),
      body: container.body,
      functionCount: container.functionCount,
    };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return failureOf("BAD_SNAPSHOT", `the host's section is damaged: ${error.message}`, error);
  }
}

/**
 * Of a stranger a copy: what is checked is what is restored, whoever else has the buffer. Who
 * trusts it spares two megabytes the way.
 */
function bytesOf(saved: unknown, { kind, bytecode }: ReadOptions): Uint8Array {
  if (bytecode === "trusted" && isBytes(saved)) return saved;
  return copyOfBytes(saved, `a ${kind} is bytes (a Uint8Array) or what openSnapshot gave`);
}
