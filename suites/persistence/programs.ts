/** All programs that are saved half-way. */
import { coroutinePrograms } from "./programs/coroutines.ts";
import { functionPrograms } from "./programs/functions.ts";
import { leftoverPrograms } from "./programs/leftovers.ts";
import { libraryPrograms } from "./programs/libraries.ts";
import { objectPrograms } from "./programs/objects.ts";
import { tablePrograms } from "./programs/tables.ts";
import type { SavedProgram } from "./saved-program.ts";

export const savedPrograms: readonly SavedProgram[] = [
  ...functionPrograms,
  ...coroutinePrograms,
  ...leftoverPrograms,
  ...tablePrograms,
  ...objectPrograms,
  ...libraryPrograms,
];
