/** `npm run fuzz`: compares variants of the core with a native Lua on generated programs. */
import { fuzzCommand } from "../harness/cli/fuzz-command.ts";
import { runAsProcess } from "../harness/cli/process.ts";

await runAsProcess(fuzzCommand);
