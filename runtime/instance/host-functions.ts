/** The JavaScript functions that Lua may call: by number, with encoded arguments and results. */
import { idMax, statusCodes } from "../abi/abi.ts";
import { bytesOfLatin1 } from "../bytes/latin1.ts";
import { ignoreRejection, LuaError, messageOf, UsageError } from "../check/errors.ts";
import { shown } from "../check/shown.ts";
import { IdMap } from "../map/id-map.ts";
import { bytesOf, lenientTextOf } from "../scalar/scalars.ts";
import { type Decoding, decodeList } from "../value/decode.ts";
import { encodeList, encodeValue, type TableIds } from "../value/encode.ts";
import { type LuaInput, type LuaValue, LuaValues } from "../value/values.ts";

/**
 * Called from Lua. What it returns is one value in Lua, undefined is nil; `multiple(…)` returns
 * several or none. What it throws is raised in Lua: the value of a LuaError, else the message.
 */
export type HostFunction = (...values: LuaValue[]) => LuaInput | LuaValues | void;

/** `status` 0: `bytes` are a list of results; else an encoded error value. */
export interface HostAnswer {
  readonly status: number;
  readonly bytes: Uint8Array;
}

interface BoundFunction {
  /** The bytes of the name by which it was registered, one character each. */
  readonly name: string;
  readonly hostFunction: HostFunction;
}

export interface Registration {
  readonly id: number;
  /** Takes it back: the guest refused it. */
  readonly undo: () => void;
}

/** FNV-1a, 32 bits folded to those of an id. */
function numberOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) {
    hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193) >>> 0;
  }
  return (hash ^ (hash >>> 30)) & idMax;
}

/** Numbers were given one after the other once: snapshots of then have these. */
const countedMax = 0xffff;

/** The first function with a number that it can't have in an honest core, where others have it. */
export function misnumbered(
  functions: Iterable<readonly [number, string]>,
  registered: Iterable<string>,
): readonly [number, string] | undefined {
  const own = new Set([...registered].map(numberOf));
  return [...functions].find(
    ([id, name]) => id !== numberOf(name) && (id > countedMax || own.has(id)),
  );
}

export class HostFunctions {
  /** By the number by which the guest calls it. */
  readonly #bound = new IdMap<BoundFunction>();
  readonly #decoding: Decoding;
  readonly #tableIds: TableIds;
  readonly #onException: (exception: unknown) => void;

  constructor(options: {
    readonly decoding: Decoding;
    readonly tableIds: TableIds;
    /** Told of what a function threw, as it was thrown. */
    readonly onException: (exception: unknown) => void;
  }) {
    this.#decoding = options.decoding;
    this.#tableIds = options.tableIds;
    this.#onException = options.onException;
  }

  /**
   * The number by which the guest calls it: that of its name, in this core and any other, since a
   * value that is stored has the number alone. What has it calls the function that was registered
   * last. `name`: its bytes, one character each. Throws UsageError where another name has the
   * number, as two of a thousand million have.
   */
  add(hostFunction: HostFunction, name: string): Registration {
    const id = numberOf(name);
    const before = this.#bound.get(id);
    if (before !== undefined && before.name !== name) {
      const other = shown(lenientTextOf(bytesOfLatin1(before.name)));
      throw new UsageError(`its number is that of ${other}: register it under another name`);
    }
    this.#bound.set(id, { name, hostFunction });
    const undo = (): void => {
      if (before === undefined) this.#bound.delete(id);
      else this.#bound.set(id, before);
    };
    return { id, undo };
  }

  /** The name of each function, by its number, in ascending order. */
  names(): ReadonlyMap<number, string> {
    const names = [...this.#bound].map(([id, { name }]) => [id, name] as const);
    return new IdMap(names.sort(([a], [b]) => a - b));
  }

  /**
   * Gives the registered functions their numbers: those that a snapshot has by name, the others
   * their own, for a stored value may call one that the state does not know.
   */
  bind(names: ReadonlyMap<number, string>, registered: ReadonlyMap<string, HostFunction>): void {
    for (const [id, name] of names) {
      const hostFunction = registered.get(name);
      if (hostFunction !== undefined) this.#bound.set(id, { name, hostFunction });
    }
    for (const [name, hostFunction] of registered) {
      const id = numberOf(name);
      // A snapshot that is trusted may have given it to another name.
      if (!this.#bound.has(id)) this.#bound.set(id, { name, hostFunction });
    }
  }

  /** Calls a function; whatever goes wrong is an answer. */
  call(id: number, encodedValues: Uint8Array): HostAnswer {
    const hostFunction = this.#bound.get(id)?.hostFunction;
    if (hostFunction === undefined) {
      const bytes = encodeMessage(`there is no host function ${id}`);
      return { status: statusCodes.NOT_FOUND, bytes };
    }
    try {
      const returned = hostFunction(...decodeList(encodedValues, this.#decoding));
      const values = returned instanceof LuaValues ? returned.values : [returned ?? undefined];
      return { status: statusCodes.SUCCESS, bytes: encodeList(values, this.#tableIds) };
    } catch (exception) {
      this.#onException(exception);
      return { status: statusCodes.HOST_FAILED, bytes: this.encodeError(exception) };
    }
  }

  /** As Lua raises it: the value of a LuaError, else the message. */
  encodeError(thrown: unknown): Uint8Array {
    ignoreRejection(thrown);
    try {
      if (thrown instanceof LuaError) return encodeValue(thrown.value, this.#tableIds);
    } catch (error) {
      return encodeMessage(`the error value of a host function: ${messageOf(error)}`);
    }
    return encodeMessage(messageOf(thrown));
  }
}

/** A message as a value; a lone surrogate, which has no UTF-8, becomes U+FFFD. */
export function encodeMessage(message: string): Uint8Array {
  const text =
    bytesOf(message) === undefined ? message.replace(/\p{Surrogate}/gu, "\ufffd") : message;
  return encodeValue(text, () => 0);
}
