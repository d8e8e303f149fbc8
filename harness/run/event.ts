/** What happens in a run, as it happens: the progress display is made of nothing else. */
import type { BuildRecord, OutcomeRecord } from "../record/record.ts";

export type RunEvent =
  | { readonly kind: "build-started"; readonly subject: string }
  | { readonly kind: "build-step"; readonly subject: string; readonly step: string }
  | { readonly kind: "build-finished"; readonly subject: string; readonly record: BuildRecord }
  | { readonly kind: "cell-started"; readonly cell: CellName; readonly cases: number }
  | { readonly kind: "case-started"; readonly cell: CellName; readonly case: string }
  | { readonly kind: "outcome"; readonly cell: CellName; readonly record: OutcomeRecord }
  | { readonly kind: "cell-finished"; readonly cell: CellName; readonly reused: number };

export interface CellName {
  readonly subject: string;
  readonly engine: string;
  readonly suite: string;
}
