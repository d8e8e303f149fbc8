/** `npm run bench`: times workloads on variants of the core, side by side with a peer. */
import { bench } from "../harness/cli/bench-command.ts";
import { runAsProcess } from "../harness/cli/process.ts";

await runAsProcess(bench);
