/** `npm run fuzz`: compares variants of the core with a native Lua on generated programs. */

import { runAsProcess } from "./command/process.ts";
import { fuzzCommand } from "./fuzz/command.ts";

await runAsProcess(fuzzCommand);
