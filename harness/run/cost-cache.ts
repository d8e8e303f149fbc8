/** Exact costs that need not be counted again, by wasm. */
import { z } from "zod";
import { costRecordSchema } from "../record/record.ts";
import { ResultCache } from "./result-cache.ts";

const workloadCostSchema = costRecordSchema.omit({
  ...{ kind: true, variant: true, axes: true },
  ...{ engine: true, engineVersion: true, scale: true },
});
const keptSchema = z.strictObject({
  meteredBytes: z.int().nonnegative(),
  costs: z.array(workloadCostSchema),
});

/** What one workload cost, as its record will have it. */
export type WorkloadCost = z.infer<typeof workloadCostSchema>;
export type KeptCosts = z.infer<typeof keptSchema>;

export type CostCache = ResultCache<KeptCosts>;

export function costCache(directory: string): CostCache {
  return new ResultCache(directory, keptSchema);
}
