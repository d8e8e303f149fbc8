/** All peers, of plain facts that one process can tell another. */
import { z } from "zod";
import type { Subject } from "../subject.ts";
import { fengariSubject } from "./fengari-subject.ts";
import { nativePeerSchema, nativeSubject } from "./native-subject.ts";
import { wasmoonSubject } from "./wasmoon-subject.ts";

export const peerFactsSchema = z.strictObject({
  /** The versions of the npm packages that are installed. */
  wasmoon: z.string().optional(),
  fengari: z.string().optional(),
  native: nativePeerSchema.optional(),
});

export const peerNames = ["wasmoon", "fengari", "native"] as const;
export type PeerName = (typeof peerNames)[number];

export type PeerFacts = z.infer<typeof peerFactsSchema>;

/** What is not there is a subject too: it says how to get it. */
export function peerSubjects(
  { wasmoon, fengari, native }: PeerFacts,
  names: readonly PeerName[] = peerNames,
): readonly Subject[] {
  const missing = "stock Lua is not built for this machine: npm run bench builds it";
  const makers: Readonly<Record<PeerName, () => Subject>> = {
    wasmoon: () => wasmoonSubject(wasmoon),
    fengari: () => fengariSubject(fengari),
    native: () => nativeSubject(native ?? { missing }),
  };
  return names.map((name) => makers[name]());
}
