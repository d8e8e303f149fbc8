/** Whether kept values may hold functions: the one place where a store's bytecode is let in. */
import { memoryBytes, valueTags } from "../abi/abi.ts";
import { bytesOfKept, type KeptBytes } from "../bytes/kept-bytes.ts";
import { decodeBody } from "../graph/decode-body.ts";
import { behavioursOfValue } from "../snapshot/data-alone.ts";
import { refusalsText } from "../snapshot/refusals.ts";

/**
 * `refused`: a value that holds more than data is not saved, and stays out of reach where a store
 * has it. `trusted`: whoever can write to the store may run code in the core, and harm its Lua
 * state.
 */
export type Bytecode = "refused" | "trusted";

/**
 * What of a value is more than data, in words: a function, or a module that would be handed out; or
 * why that can't be known; undefined for data alone. A graph is no part of another value, so that
 * its tag is the first byte.
 */
export function behavioursIn(value: KeptBytes): string | undefined {
  const tag = typeof value === "string" ? value.charCodeAt(0) : value[0];
  if (tag !== valueTags.graph) return undefined;
  // No core made it, none has room for it, and looking at it takes a hundred times as much.
  if (value.length > memoryBytes) {
    return `it can't be read: its ${value.length} bytes are more than a core's memory`;
  }
  const decoded = decodeBody(bytesOfKept(value).subarray(1));
  if (!decoded.ok) return `it can't be read: ${decoded.reason}`;
  const behaviours = behavioursOfValue(decoded.graph);
  return behaviours.count === 0 ? undefined : refusalsText(behaviours);
}
