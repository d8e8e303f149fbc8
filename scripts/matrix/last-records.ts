/** What the last run of the matrix wrote. */
import { existsSync } from "node:fs";
import { readRecords } from "../../harness/record/journal.ts";
import type { ResultRecord } from "../../harness/record/record.ts";
import { UsageError } from "../command/usage.ts";

/** Throws UsageError when there is no last run. */
export function lastRecords(path: string): readonly ResultRecord[] {
  if (!existsSync(path)) throw new UsageError("there is no last run; begin with: npm run matrix");
  return readRecords(path).records;
}
