/** How the page lays out variants: in groups by target, each name with its common part set back. */
import { type Markup, markup } from "../markup.ts";
import type { VariantReport } from "../schema.ts";

export interface VariantGroup {
  readonly group: string;
  readonly variants: readonly VariantReport[];
}

/** By target, in the order of the variants; a wasm of unknown origin is a "file". */
export function variantGroups(variants: readonly VariantReport[]): readonly VariantGroup[] {
  const groups = Map.groupBy(variants, (variant) => variant.axes["target"] ?? "file");
  return [...groups].map(([group, members]) => ({ group, variants: members }));
}

/** The id; narrow screens drop the target, which the group's caption says already. */
export function variantName({
  variant,
  group,
}: {
  readonly variant: string;
  readonly group: string;
}): Markup {
  const prefix = `${group}-`;
  if (!variant.startsWith(prefix)) return markup`<code>${variant}</code>`;
  return markup`<code><span class="prefix">${prefix}</span>${variant.slice(prefix.length)}</code>`;
}
