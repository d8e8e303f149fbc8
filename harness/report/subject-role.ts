/** What a timed subject is: a core, its twin, an earlier core beside it, or another Lua. */
import type { TimingRecord } from "../record/record.ts";
import { twinName } from "../statistics/noise.ts";
import type { TimedSubject } from "./schema-figures.ts";

/** Between a core's name and its revision, where an earlier one runs side by side. */
export const revisionMark = " @ ";

/** A wasm that was brought along (`--against FILE`) has no axes, as a peer has none. */
export function roleOf({
  variant,
  axes,
}: Pick<TimingRecord, "variant" | "axes">): TimedSubject["role"] {
  if (variant.includes(revisionMark) || variant.endsWith(".wasm")) return "base";
  if (Object.keys(axes).length === 0) return "peer";
  return variant.endsWith(twinName("")) ? "twin" : "core";
}
