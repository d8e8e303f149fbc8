/** All suites, in the order in which they run and are reported. */
import { collectSuites } from "../harness/suite/collect.ts";
import { exportsSuite } from "./exports/index.ts";
import { faultsSuite } from "./faults/index.ts";
import { hostsSuite } from "./hosts/index.ts";
import { languageSuite } from "./language/index.ts";
import { limitsSuite } from "./limits/index.ts";
import { officialSuite } from "./official/index.ts";
import { persistenceSuite } from "./persistence/index.ts";
import { scenariosSuite } from "./scenarios/index.ts";
import { serializerSuite } from "./serializer/index.ts";
import { stacksSuite } from "./stacks/index.ts";
import { stdlibSuite } from "./stdlib/index.ts";

export const suites = collectSuites([
  scenariosSuite,
  exportsSuite,
  hostsSuite,
  languageSuite,
  stdlibSuite,
  officialSuite,
  stacksSuite,
  limitsSuite,
  faultsSuite,
  persistenceSuite,
  serializerSuite,
]);
