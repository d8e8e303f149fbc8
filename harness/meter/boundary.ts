/** What crosses the boundary: calls of the host, and bytes each way, counted around the imports. */
import {
  frameHeaderBytes,
  frameValuesStreamed,
  importModule,
  statusCodes,
} from "../../runtime/abi/abi.ts";
import type { Guest } from "../../runtime/instance/guest.ts";
import { MeterError } from "./counters.ts";

export interface Traffic {
  /** Calls of imports by the guest. */
  hostCalls: number;
  /** Bytes in the guest's memory that the host was given to read. */
  bytesToHost: number;
  /** Bytes that the host wrote into the guest's memory. */
  bytesFromHost: number;
}

export function noTraffic(): Traffic {
  return { hostCalls: 0, bytesToHost: 0, bytesFromHost: 0 };
}

/** How many bytes a call moves; `at` gives its arguments, `answer` what the import returned. */
interface Movement {
  readonly toHost?: (at: Argument) => number;
  readonly fromHost?: (at: Argument, answer: number) => number;
}

type Argument = (index: number) => number;

const nothing: Movement = {};
/** An answer longer than its room says how much is needed, and nothing was written. */
const fits = (answer: number, max: number): number => (answer > 0 && answer <= max ? answer : 0);
const written = (answer: number): number => Math.max(answer, 0);

/** By the name of the import (docs/FORMATS.md): the ABI's, and no other. */
const movements: ReadonlyMap<string, Movement> = new Map<string, Movement>([
  ["js_ext_table_open", { toHost: (at) => at(1) }],
  ["js_ext_table_retain", nothing],
  ["js_ext_table_release", nothing],
  ["js_ext_table_set", { toHost: (at) => at(2) + at(4) }],
  ["js_ext_table_get", { toHost: (at) => at(2), fromHost: (at, n) => fits(n, at(4)) }],
  ["js_ext_table_delete", { toHost: (at) => at(2) }],
  ["js_ext_table_size", nothing],
  ["js_ext_table_keys", { fromHost: (at, n) => fits(n, at(2)) }],
  ["js_iter_open", nothing],
  ["js_iter_next", { fromHost: (at, n) => fits(n, at(2)) }],
  ["js_iter_close", nothing],
  ["js_call", { toHost: (at) => at(2), fromHost: (at, n) => fits(n, at(4)) }],
  [
    "js_module",
    { toHost: (at) => at(1), fromHost: (at, n) => Math.min(at(3), written(n - at(4))) },
  ],
  ["js_input", { fromHost: (_, n) => written(n) }],
  ["js_output", { toHost: (at) => at(1) }],
  ["js_time", nothing],
  ["js_clock", nothing],
  ["js_stream_read", { fromHost: (_, n) => written(n) }],
  ["js_stream_write", { toHost: (at) => at(1) }],
  ["js_try", nothing],
  ["js_throw", nothing],
]);

/** The same imports, counted in `traffic`. Throws MeterError for one that the ABI hasn't. */
export function countedImports(
  imports: WebAssembly.Imports,
  traffic: Traffic,
): WebAssembly.Imports {
  const counted: Record<string, WebAssembly.ImportValue> = {};
  for (const [name, value] of Object.entries(imports[importModule] ?? {})) {
    const movement = movements.get(name);
    if (movement === undefined || typeof value !== "function") {
      throw new MeterError(`what the import ${name} moves over the boundary is not known`);
    }
    counted[name] = countedImport(value as HostFunction, { movement, traffic });
  }
  return { ...imports, [importModule]: counted };
}

type HostFunction = (...figures: readonly number[]) => unknown;

/** What it throws passes: the call counts all the same. */
function countedImport(
  call: HostFunction,
  { movement, traffic }: { readonly movement: Movement; readonly traffic: Traffic },
): HostFunction {
  const { toHost, fromHost } = movement;
  return (...figures) => {
    const at = (index: number): number => (figures[index] ?? 0) >>> 0;
    traffic.hostCalls += 1;
    if (toHost !== undefined) traffic.bytesToHost += toHost(at);
    const answer = call(...figures);
    if (fromHost !== undefined) traffic.bytesFromHost += fromHost(at, Number(answer));
    return answer;
  };
}

type Entry = (...figures: number[]) => number;
const { NULL_STATE, INVALID_SIZE, BUSY } = statusCodes;

/**
 * The same exports; what the host lays into the I/O buffer for them, and the frame that they leave
 * there, count as bytes too. What is too large for it goes through imports, and counts there.
 */
export function countedEntries(guest: Guest, traffic: Traffic): Guest {
  const { buffer } = guest.memory;
  const view = new DataView(buffer);
  const bufferPtr = guest.bufferPtr();
  const framed = (status: number): number => {
    if (status !== NULL_STATE && status !== INVALID_SIZE && status !== BUSY) {
      traffic.bytesToHost += frameBytes(view, bufferPtr);
    }
    return status;
  };
  const given = (sizeBytes: number): void => {
    traffic.bytesFromHost += sizeBytes;
  };
  const configure: Entry = (pointer = 0, length = 0) => {
    given(length);
    return guest.configure(pointer, length);
  };
  const register: Entry = (pointer = 0, length = 0, id = 0) => {
    given(length);
    return guest.register(pointer, length, id);
  };
  const compute: Entry = (pointer = 0, length = 0) => {
    given(pointer === 0 ? 0 : length);
    return framed(guest.compute(pointer, length));
  };
  const call: Entry = (namePtr = 0, listLength = 0) => {
    // The name is an encoded string: tag, length, bytes. The list stands before it, if it is there.
    const nameBytes = 5 + view.getUint32(namePtr + 1, true);
    given(namePtr === bufferPtr ? nameBytes : nameBytes + listLength);
    return framed(guest.call(namePtr, listLength));
  };
  return { ...guest, configure, register, compute, call };
}

function frameBytes(view: DataView, bufferPtr: number): number {
  const outputLength = view.getUint32(bufferPtr, true);
  const valuesLength = view.getUint32(bufferPtr + 8, true);
  const isStreamed = (view.getUint32(bufferPtr + 12, true) & frameValuesStreamed) !== 0;
  return frameHeaderBytes + outputLength + (isStreamed ? 0 : valuesLength);
}
