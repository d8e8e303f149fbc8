/** `npm run matrix`, whole: reads the command line, runs the command, puts errors into words. */

import { engineNames } from "../../harness/engine/engines.ts";
import { assertNever } from "../../runtime/check/assert-never.ts";
import { reportError } from "../command/error-report.ts";
import type { Invocation } from "../command/invocation.ts";
import { showLedger } from "../ledger/command.ts";
import { acceptLastRun } from "./accept-command.ts";
import { cleanCaches } from "./clean-command.ts";
import { type MatrixCommand, parseCommandLine } from "./command-line.ts";
import { doctor } from "./doctor-command.ts";
import { listMatrix } from "./list-command.ts";
import { repro } from "./repro-command.ts";
import { runMatrix } from "./run-command.ts";

/** The exit code (README, "Exit codes"). Never rejects. */
export async function main(invocation: Invocation): Promise<number> {
  try {
    return await execute(parseCommandLine(invocation.arguments, engineNames), invocation);
  } catch (error) {
    return reportError(error, invocation, "npm run matrix --");
  }
}

async function execute(command: MatrixCommand, invocation: Invocation): Promise<number> {
  switch (command.kind) {
    case "run":
      return await runMatrix(command.options, invocation);
    case "list":
      return listMatrix(command, invocation);
    case "accept":
      return acceptLastRun(invocation);
    case "doctor":
      return await doctor(invocation);
    case "repro":
      return await repro(command, invocation);
    case "ledger":
      return await showLedger(command, invocation);
    case "clean":
      return await cleanCaches(command, invocation);
    case "text":
      invocation.stdout.write(command.text);
      return 0;
    default:
      return assertNever(command);
  }
}
