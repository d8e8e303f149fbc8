/** What shows the progress of a run on stderr. */
import type { RunEvent } from "../../harness/run/event.ts";

export interface Display {
  readonly onEvent: (event: RunEvent) => void;
  /** A line that stays. */
  readonly line: (text: string) => void;
  readonly close: () => void;
}
