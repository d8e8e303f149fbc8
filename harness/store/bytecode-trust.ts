/** Whether kept values may hold functions: the one place where a store's bytecode is let in. */
import { valueTags } from "../artifact/abi.ts";
import { outlineOfValue } from "../core/snapshot/decode-body.ts";
import { StoreError } from "./store.ts";

/**
 * `refused`: a value that holds bytecode is an error. `trusted`: whoever can write to the store
 * may run code in the core, and harm its Lua state.
 */
export type Bytecode = "refused" | "trusted";

/**
 * Throws StoreError "untrusted" for a value that holds a function. A C function too: by a hostile
 * hand it comes without the upvalues that it takes for granted. Throws DecodeError for a graph that
 * is none. A graph is no part of another value, so that its tag is the first byte.
 */
export function checkBytecode(value: Uint8Array, bytecode: Bytecode): void {
  if (bytecode === "trusted" || value[0] !== valueTags.graph) return;
  const { functionCount, nameCount } = outlineOfValue(value.subarray(1));
  if (functionCount === 0 && nameCount === 0) return;
  throw new StoreError(
    "untrusted",
    "a saved table holds a function; where nobody else can write to the store, bring the " +
      'tables back with `bytecode: "trusted"`',
  );
}
