/** `npm run matrix`: builds, inspects and tests every variant, and writes the reports. */

import { runAsProcess } from "./command/process.ts";
import { main } from "./matrix/main.ts";

await runAsProcess(main);
