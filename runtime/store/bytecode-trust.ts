/** Whether kept values may hold functions: the one place where a store's bytecode is let in. */
import { memoryBytes, valueTags } from "../abi/abi.ts";
import { bytesOfKept, type KeptBytes } from "../bytes/kept-bytes.ts";
import { decodeBody } from "../graph/decode-body.ts";
import { chainMax, haveLongChain, isCrowded } from "../graph/number-chains.ts";
import { behavioursOfValue } from "../snapshot/data-alone.ts";
import { refusalsText } from "../snapshot/refusals.ts";
import { walkNumberKeys } from "../value/walk.ts";

/**
 * `refused`: a value that holds more than data is not saved, and stays out of reach where a store
 * has it. `trusted`: whoever can write to the store may run code in the core, and harm its Lua
 * state.
 */
export type Bytecode = "refused" | "trusted";

/**
 * What of a value is more than data, in words that are made when they are asked for: a function, or
 * a module that would be handed out; or why that can't be known; undefined for data alone. A graph
 * is no part of another value, so that its tag is the first byte. Throws DecodeError for what is no
 * value.
 */
export function behavioursIn(value: KeptBytes): (() => string) | undefined {
  const tag = typeof value === "string" ? value.charCodeAt(0) : value[0];
  if (tag !== valueTags.graph) return isCrowdedValue(value) ? crowded : undefined;
  // No core made it, none has room for it, and looking at it takes a hundred times as much.
  if (value.length > memoryBytes) {
    return () => `it can't be read: its ${value.length} bytes are more than a core's memory`;
  }
  const decoded = decodeBody(bytesOfKept(value).subarray(1));
  if (!decoded.ok) return () => `it can't be read: ${decoded.reason}`;
  if (decoded.graph.objects.some((object) => isCrowded(object, chainMax.value))) return crowded;
  const refusals = behavioursOfValue(decoded.graph);
  return refusals && (() => refusalsText(refusals()));
}

/** Of a table's entry: its key is a number, its value has a tag. */
const entryBytesMin = 10;

function isCrowdedValue(value: KeptBytes): boolean {
  if (value.length < entryBytesMin * chainMax.value) return false;
  let isFound = false;
  walkNumberKeys(value, (keys) => {
    isFound ||= haveLongChain(keys, chainMax.value);
  });
  return isFound;
}

const crowded = () => "it would be read for ever: its keys share one place in Lua's table";
