/** The imports of one instance: none throws through wasm but `js_throw`. */
import { importModule, stackRoomQuestion, statusCodes } from "../abi/abi.ts";
import { roomOf } from "../check/engine-stack.ts";
import type { Host } from "./host.ts";
import { type HostImport, tableImports } from "./table-imports.ts";

const { INVALID_SIZE, HOST_FAILED, NOT_FOUND } = statusCodes;

/** What `js_try` needs of the instance; it is there only after the imports. */
export interface ProtectedCalls {
  readonly call: (functionIndex: number, luaState: number, userData: number) => void;
  readonly stackPointer: WebAssembly.Global;
}

/** All imports of either unwind form; an instance takes those that it asks for. */
export function importsFor(
  host: Host,
  protectedCalls: () => ProtectedCalls | undefined,
): WebAssembly.Imports {
  const answering = { ...tableImports(host), ...callImports(host), ...byteImports(host) };
  const functions: Record<string, HostImport> = {};
  for (const [name, answer] of Object.entries(answering)) functions[name] = guarded(host, answer);
  return {
    [importModule]: {
      ...functions,
      js_time: secondsOf(host, host.environment.time),
      js_clock: secondsOf(host, host.environment.clock),
      ...unwinding(protectedCalls),
    },
  };
}

/** An exception, the host's or a bug of ours, becomes HOST_FAILED: it would poison the instance. */
function guarded(host: Host, answer: HostImport): HostImport {
  // No import has more than five parameters; naming them is faster than spreading them.
  return (a = 0, b = 0, c = 0, d = 0, e = 0) => {
    try {
      return answer(a, b, c, d, e);
    } catch (exception) {
      host.exception = exception;
      host.promised.promise(host.functions.encodeError(exception));
      return HOST_FAILED;
    }
  };
}

/** A clock has no code to fail with: one that throws stands at 0. */
function secondsOf(host: Host, seconds: () => number): () => number {
  return () => {
    try {
      return Number(seconds());
    } catch (exception) {
      host.exception = exception;
      return 0;
    }
  };
}

function callImports({ memory, functions, environment, promised }: Host) {
  const { modules } = environment;
  return {
    js_call: (id = 0, valuesPtr = 0, valuesLen = 0, outPtr = 0, max = 0) => {
      if (id >>> 0 === stackRoomQuestion && valuesPtr === 0) return roomOf(max >>> 0);
      const values = memory.copy(valuesPtr, valuesLen);
      if (values === undefined || !memory.has(outPtr, max)) return INVALID_SIZE;
      const { status, bytes } = functions.call(id, values);
      if (status < 0 || bytes.length > max >>> 0) promised.promise(bytes);
      return status < 0 ? status : (memory.offer(bytes, outPtr, max) ?? INVALID_SIZE);
    },
    js_module: (namePtr = 0, nameLen = 0, ptr = 0, max = 0, offset = 0) => {
      const name = memory.latin1(namePtr, nameLen);
      const room = memory.range(ptr, max);
      if (name === undefined || room === undefined) return INVALID_SIZE;
      const start = offset >>> 0;
      const source = modules.pull({ name, offset: start, max: room.length });
      if (source === undefined) return NOT_FOUND;
      room.set(source.subarray(start, start + room.length));
      return source.length;
    },
  };
}

function byteImports(host: Host) {
  const { memory, environment, promised, received, tables } = host;
  /** An import over a range of the memory. */
  const over =
    (answer: (range: Uint8Array) => number) =>
    (ptr = 0, length = 0) => {
      const range = memory.range(ptr, length);
      return range === undefined ? INVALID_SIZE : answer(range);
    };
  return {
    js_input: over((room) => environment.input.readInto(room)),
    js_output: over((bytes) => {
      if (!environment.hasRoomFor(bytes.length)) {
        return host.overQuota(tables.account.refusal("maxOutputBytes"));
      }
      environment.takeOutput(bytes);
      return bytes.length;
    }),
    js_stream_read: over((room) => promised.readInto(room)),
    js_stream_write: over((bytes) => {
      received.add(bytes);
      return bytes.length;
    }),
  };
}

/** `unwind=js`: a private object is thrown past the frames of wasm; all else passes through. */
function unwinding(protectedCalls: () => ProtectedCalls | undefined) {
  const thrown = Object.freeze({ unwinding: "lua" });
  return {
    js_try: (functionIndex: number, luaState: number, userData: number): void => {
      const guest = protectedCalls();
      if (guest === undefined) throw new Error("js_try before the instance was there");
      const { call, stackPointer } = guest;
      const before: unknown = stackPointer.value;
      try {
        call(functionIndex, luaState, userData);
      } catch (exception) {
        if (exception !== thrown) throw exception;
        stackPointer.value = before;
      }
    },
    js_throw: (): never => {
      throw thrown;
    },
  };
}
