/** Makes a container of a size that is taken again: what can be saved can be brought back. */

import type { SnapshotLimits } from "../graph/limits.ts";
import type { Host } from "../instance/host.ts";
import { type Container, headerBytes, macBytes, sizeFault, writeContainer } from "./container.ts";
import { encodeHostSection, type HostSection } from "./host-section.ts";
import { hostSectionOf } from "./host-state.ts";

export type SizedContainer =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly reason: string };

/** With the host's section. There is room for a seal in the limits. */
export function sizedContainer(
  host: Host,
  parts: Omit<Container, "host">,
  limits: Partial<SnapshotLimits> = {},
): SizedContainer {
  const section = hostSectionOf(host);
  // First by the keys alone: nothing is made of what is far too large.
  const least = faultOf(keyBytesOf(section), parts, limits);
  if (least !== undefined) return refused(least);
  const encoded = encodeHostSection(section);
  const fault = faultOf(encoded.length, parts, limits);
  if (fault !== undefined) return refused(fault);
  return { ok: true, bytes: writeContainer({ ...parts, host: encoded }) };
}

function faultOf(
  hostBytes: number,
  { body, objectCount }: Omit<Container, "host">,
  limits: Partial<SnapshotLimits>,
): string | undefined {
  const bytes = headerBytes + hostBytes + body.length + macBytes;
  return sizeFault({ bytes, objectCount }, limits);
}

function keyBytesOf({ iterators }: HostSection): number {
  return iterators.reduce((sum, { nextKey }) => sum + (nextKey?.length ?? 0), 0);
}

function refused(fault: string): SizedContainer {
  return {
    ok: false,
    reason: `it could not be brought back: ${fault}; end loops over external tables with long keys`,
  };
}
