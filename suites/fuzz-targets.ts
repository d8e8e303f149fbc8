/** All targets of `npm run fuzz`, in the order in which they run. */
import type { FuzzTarget } from "../harness/fuzz/target.ts";
import { argumentsTarget } from "./arguments/fuzz-target.ts";
import { hostileTarget } from "./hostile/fuzz-target.ts";
import { languageTarget } from "./language/fuzz-target.ts";
import { serializerTarget } from "./serializer/fuzz-target.ts";
import { stdlibTarget } from "./stdlib/fuzz-target.ts";

export const fuzzTargets: readonly FuzzTarget[] = [
  languageTarget,
  stdlibTarget,
  argumentsTarget,
  serializerTarget,
  hostileTarget,
];
