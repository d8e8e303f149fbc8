/** `npm run bench`: times workloads on variants of the core, side by side with a peer. */
import { bench } from "./bench/command.ts";
import { runAsProcess } from "./command/process.ts";

await runAsProcess(bench);
