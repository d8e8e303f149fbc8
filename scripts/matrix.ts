/** `npm run matrix`: builds, inspects and tests every variant, and writes the reports. */
import { main } from "../harness/cli/main.ts";
import { runAsProcess } from "../harness/cli/process.ts";

await runAsProcess(main);
