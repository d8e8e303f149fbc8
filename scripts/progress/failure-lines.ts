/** The lines that tell of failed cases while a run goes on: as many as a person reads. */
import type { OutcomeRecord } from "../../harness/record/record.ts";
import { firstLine } from "./words.ts";

/** A broken core fails a thousand cases: the first say it all, and the reports hold the rest. */
const failuresToldMax = 20;

export class FailureLines {
  #count = 0;

  tell(record: OutcomeRecord, line: (text: string) => void): void {
    this.#count += 1;
    if (this.#count <= failuresToldMax) line(failureLine(record));
    if (this.#count === failuresToldMax) line("further failures: at the end, and in the reports");
  }
}

/** One line: the whole message stands in the summary and in the reports. */
function failureLine(record: OutcomeRecord): string {
  const place = `${record.variant}/${record.engine}/${record.case}`;
  return `FAILED ${place} (${record.state}): ${firstLine(record.message ?? "")}`;
}
