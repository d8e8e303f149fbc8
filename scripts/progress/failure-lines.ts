/** The lines that tell of failed cases while a run goes on. */
import type { OutcomeRecord } from "../../harness/record/record.ts";
import { FirstLines } from "./first-lines.ts";
import { firstLine } from "./words.ts";

export function failureLines(): FirstLines {
  return new FirstLines("further failures: at the end, and in the reports");
}

/** One line: the whole message stands in the summary and in the reports. */
export function failureLine(record: OutcomeRecord): string {
  const place = `${record.variant}/${record.engine}/${record.case}`;
  return `FAILED ${place} (${record.state}): ${firstLine(record.message ?? "")}`;
}
