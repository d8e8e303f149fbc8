/** The suite `scenarios`: T1 to T5 of the project's request, as written and as they were meant. */
import type { Suite } from "../../harness/suite/suite.ts";
import { basicCode } from "./t1-basic-code.ts";
import { externalTable } from "./t2-external-table.ts";
import { statePersistence } from "./t3-state-persistence.ts";
import { errorHandling } from "./t4-error-handling.ts";
import { largeDataset } from "./t5-large-dataset.ts";

export const scenariosSuite: Suite = {
  name: "scenarios",
  cases: [...basicCode, ...externalTable, ...statePersistence, ...errorHandling, ...largeDataset],
  spread: "every-variant",
  entry: import.meta.url,
};
