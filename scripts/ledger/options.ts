/** The command line of `npm run matrix -- ledger`. */
import { Command } from "commander";
import { integerFrom, nonEmpty } from "../command/arguments.ts";
import { UsageError } from "../command/usage.ts";

export interface LedgerCommand {
  readonly kind: "ledger";
  /** A variant's id or a wasm file. */
  readonly target: string;
  /** What it is compared with: the older of the two. */
  readonly against?: string;
  /** The item to be explained. */
  readonly why?: string;
  readonly json: boolean;
  /** Rows of each table. */
  readonly top: number;
}

const topDefault = 25;

interface RawLedgerOptions {
  readonly against?: string;
  readonly why?: string;
  readonly json?: boolean;
  readonly top: number;
}

export function ledgerCommand(take: (command: LedgerCommand) => void): Command {
  return new Command("ledger")
    .description(
      "every byte of a wasm, by source and by item; what an item keeps, and why it is there",
    )
    .argument("<id|file>", "a variant, which is built if need be, or any wasm file", nonEmpty)
    .option("--against <id|file>", "what changed, from this one to the first", nonEmpty)
    .option(
      "--why <name>",
      "how the exports or the table lead to a function or other item",
      nonEmpty,
    )
    .option("--json", "as JSON, with all items")
    .option("--top <n>", "rows of each table", integerFrom(1), topDefault)
    .action((target: string, raw: RawLedgerOptions) => take(commandOf(target, raw)));
}

function commandOf(target: string, { against, why, json, top }: RawLedgerOptions): LedgerCommand {
  if (against !== undefined && why !== undefined) {
    throw new UsageError("--why explains one wasm; --against compares two: use one");
  }
  return {
    kind: "ledger",
    target,
    ...(against === undefined ? {} : { against }),
    ...(why === undefined ? {} : { why }),
    json: json === true,
    top,
  };
}
