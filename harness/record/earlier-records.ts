/** Lines that an earlier harness wrote, as this one reads them. */
import { z } from "zod";
import type { TimedRole } from "./record.ts";

const timingWithoutRole = z.looseObject({
  kind: z.literal("timing"),
  role: z.undefined().optional(),
  variant: z.string(),
  axes: z.record(z.string(), z.unknown()),
});

/** The line with what records have had since; anything else stays as it is. */
export function asToday(line: unknown): unknown {
  const timing = timingWithoutRole.safeParse(line);
  return timing.success ? { ...timing.data, role: roleByName(timing.data) } : line;
}

/** Roles once stood in names alone. */
function roleByName({ variant, axes }: z.infer<typeof timingWithoutRole>): TimedRole {
  if (variant.endsWith(" (A/A)")) return "twin";
  if (variant.includes(" @ ") || variant.endsWith(".wasm")) return "revision";
  return Object.keys(axes).length === 0 ? "peer" : "variant";
}
