/** Where the commands find and leave their files, from the project's folder. */
import { join } from "node:path";

export interface ProjectPaths {
  readonly cache: string;
  readonly tools: string;
  readonly outcomes: string;
  readonly errors: string;
  readonly latest: string;
  readonly records: string;
  readonly previousRecords: string;
  readonly failures: string;
  readonly baseline: string;
  readonly budgets: string;
}

export function projectPaths(root: string): ProjectPaths {
  const cache = join(root, ".cache");
  const reports = join(root, "reports");
  const latest = join(reports, "latest");
  return {
    cache,
    tools: join(root, ".tools"),
    outcomes: join(cache, "outcomes"),
    errors: join(cache, "errors"),
    latest,
    records: join(latest, "records.jsonl"),
    previousRecords: join(latest, "records.previous.jsonl"),
    failures: join(latest, "failures"),
    baseline: join(reports, "baseline"),
    budgets: join(reports, "budgets.json"),
  };
}
