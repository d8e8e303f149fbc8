/** Which jobs no peer can do, with the reason that a table shows. */
import type { Job } from "../workload.ts";

/** Undefined for a job that any Lua does. */
export function whyNoPeer({ action, needs }: Job): string | undefined {
  if (needs === "external-table") return "it has no external tables";
  switch (action) {
    case "run-program":
    case "call-program":
    case "persistent-eval":
    case "fresh-eval":
      return undefined;
    case "take-result":
      return "it answers with one value, and prints to the terminal";
    case "start-core":
    case "compile-core":
      return "only our cores are started";
    case "snapshot":
    case "restore":
    case "image":
    case "load-image":
      return "it can't save its state";
  }
}
