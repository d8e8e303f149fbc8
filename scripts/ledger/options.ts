/** The command line of `npm run matrix -- ledger`. */
import { Command } from "commander";
import { z } from "zod";
import { addOptions, flag, option, optionsOf, text, wholeFrom } from "../command/options.ts";
import { UsageError } from "../command/usage.ts";

const schema = z.object({
  against: option(text.exactOptional(), "id|file", "what changed, from this one to the first"),
  why: option(
    text.exactOptional(),
    "name",
    "how the exports or the table lead to a function or other item",
  ),
  json: flag("as JSON, with all items"),
  top: option(wholeFrom(1).default(25), "n", "rows of each table"),
});

export interface LedgerCommand extends z.output<typeof schema> {
  readonly kind: "ledger";
  /** A variant's id or a wasm file. */
  readonly target: string;
}

export function ledgerCommand(take: (command: LedgerCommand) => void): Command {
  const command = new Command("ledger")
    .description(
      "every byte of a wasm, by source and by item; what an item keeps, and why it is there",
    )
    .argument("<id|file>", "a variant, which is built if need be, or any wasm file");
  return addOptions(command, schema).action((target: string, given) => {
    const options = optionsOf(given, schema);
    if (options.against !== undefined && options.why !== undefined) {
      throw new UsageError("--why explains one wasm; --against compares two: use one");
    }
    take({ kind: "ledger", target, ...options });
  });
}
