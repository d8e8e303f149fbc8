/** All suites, in the order in which they run and are reported. */
import { collectSuites } from "../harness/suite/collect.ts";
import { exportsSuite } from "./exports/index.ts";
import { hostsSuite } from "./hosts/index.ts";
import { scenariosSuite } from "./scenarios/index.ts";

export const suites = collectSuites([scenariosSuite, exportsSuite, hostsSuite]);
