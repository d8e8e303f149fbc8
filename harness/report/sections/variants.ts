/** How variants are laid out: a table for each target, their names with its part set back. */
import type { VariantReport } from "../schema.ts";
import type { Cell, Part, Table } from "../section/section.ts";

/** A table for each target, in the order of the variants; a wasm of unknown origin is a "file". */
export function tablesByTarget(
  variants: readonly VariantReport[],
  table: (group: string, variants: readonly VariantReport[]) => Table,
): readonly (readonly Part[])[] {
  const groups = Map.groupBy(variants, ({ axes }) => axes["target"] ?? "file");
  return [...groups].map(([group, members]) => [
    { kind: "table", table: { caption: group, ...table(group, members) } },
  ]);
}

/** The id; narrow screens drop the target, which the table's caption says already. */
export function variantCell(variant: string, group: string): Cell {
  const prefix = `${group}-`;
  const cell: Cell = { text: variant, look: "code" };
  return variant.startsWith(prefix) ? { ...cell, prefix } : cell;
}
