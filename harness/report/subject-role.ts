/** Which timed subjects are cores of this run's variants. */
import type { TimedRole } from "../record/record.ts";

export function isVariant({ role }: { readonly role: TimedRole }): boolean {
  return role === "base" || role === "variant";
}
