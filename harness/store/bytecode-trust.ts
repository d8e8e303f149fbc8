/** Whether kept values may hold functions: the one place where a store's bytecode is let in. */
import { valueTags } from "../artifact/abi.ts";
import { DecodeError } from "../core/errors.ts";
import { behavioursOfValue } from "../core/snapshot/data-alone.ts";
import { decodeBody } from "../core/snapshot/decode-body.ts";
import { refusalsText } from "../core/snapshot/paths.ts";
import { StoreError } from "./store.ts";

/**
 * `refused`: a value that holds more than data is an error. `trusted`: whoever can write to the
 * store may run code in the core, and harm its Lua state.
 */
export type Bytecode = "refused" | "trusted";

/**
 * Throws StoreError "untrusted" for a value that holds a function, or hands out modules. Throws
 * DecodeError for a graph that is none. A graph is no part of another value, so that its tag is the
 * first byte.
 */
export function checkBytecode(value: Uint8Array, bytecode: Bytecode): void {
  if (bytecode === "trusted" || value[0] !== valueTags.graph) return;
  const decoded = decodeBody(value.subarray(1));
  if (!decoded.ok) throw new DecodeError(decoded.reason);
  const behaviours = behavioursOfValue(decoded.graph);
  if (behaviours.count === 0) return;
  throw new StoreError(
    "untrusted",
    `a saved table holds more than data: ${refusalsText(behaviours)}; where nobody else can ` +
      'write to the store, bring the tables back with `bytecode: "trusted"`',
  );
}
