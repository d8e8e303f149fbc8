/** A core: one instance of the wasm with its Lua state, as an application uses it. */
import { bufferBytes } from "../artifact/abi.ts";
import type { Manifest } from "../artifact/manifest.ts";
import type { StateOptions } from "./configuration.ts";
import { encodeList, encodeString } from "./encode.ts";
import {
  assertNever,
  BusyError,
  DisposedError,
  messageOf,
  PoisonedError,
  UsageError,
} from "./errors.ts";
import type { Guest } from "./guest.ts";
import type { Host, HostOptions } from "./host.ts";
import type { HostFunction } from "./host-functions.ts";
import { sourceBytes } from "./input.ts";
import { type MemoryStats, readMemoryStats } from "./memory-stats.ts";
import {
  failureWithoutFrame,
  type Refusal,
  readRefusal,
  readResult,
  takeOutput,
} from "./read-result.ts";
import { type Failure, failureOf, meaningOf, type Result } from "./result.ts";
import { shown } from "./shown.ts";
import { Tables } from "./tables.ts";
import type { LuaInput } from "./values.ts";

/** All options of `loadCore`; each has a default. */
export interface CoreOptions extends HostOptions, StateOptions {}

/** A snapshot's bytes, or why there are none. */
export type SnapshotResult = { readonly ok: true; readonly bytes: Uint8Array } | Failure;

type Standing =
  | { readonly state: "ready" }
  | { readonly state: "busy" }
  | { readonly state: "disposed" }
  | { readonly state: "poisoned"; readonly cause: unknown };

export class Core {
  /** What the wasm says of itself. */
  readonly manifest: Manifest;
  /** The external tables: Maps behind Lua's `ext.table`. */
  readonly tables: Tables;
  readonly #guest: Guest;
  readonly #host: Host;
  readonly #buffer: Uint8Array;
  readonly #bufferPtr: number;
  #standing: Standing = { state: "ready" };

  /** Applications call `loadCore`. */
  constructor({ guest, host, manifest }: CoreParts) {
    this.manifest = manifest;
    this.tables = new Tables(host.tables);
    this.#guest = guest;
    this.#host = host;
    this.#bufferPtr = guest.bufferPtr();
    this.#buffer = host.memory.range(this.#bufferPtr, bufferBytes) ?? new Uint8Array(0);
  }

  /**
   * Runs Lua code in the persistent state; an expression gives its values. Never throws for what
   * Lua does. Code of any length; a text is passed as UTF-8. Throws UsageError for what is no code.
   */
  compute(code: string | Uint8Array): Result {
    const bytes = sourceBytes(code, "the code of compute");
    return this.#result(() => {
      if (bytes.length > this.#buffer.length) return this.#computeLong(bytes);
      this.#buffer.set(bytes);
      return this.#guest.compute(this.#bufferPtr, bytes.length);
    });
  }

  /**
   * Calls a global function, or one on a path through tables ("string.format"). Throws EncodeError
   * for an argument that has no Lua value, UsageError for a name that is no text.
   */
  call(name: string, ...values: readonly LuaInput[]): Result {
    const encodedName = encodeString(sourceBytes(name, "the function's name"));
    const list = encodeList(values, this.#host.tables.idOf);
    const room = this.#buffer.length - encodedName.length;
    if (room < 0) return failureOf("INVALID_SIZE", "the function's name is longer than the buffer");
    return this.#result(() => {
      if (list.length > room) {
        this.#host.promised.promise(list);
        this.#buffer.set(encodedName);
        return this.#guest.call(this.#bufferPtr, list.length);
      }
      this.#buffer.set(list);
      this.#buffer.set(encodedName, list.length);
      return this.#guest.call(this.#bufferPtr + list.length, list.length);
    });
  }

  /**
   * Makes a JavaScript function a global of Lua, or puts it on a path ("app.save"), whose tables
   * are made. Throws UsageError when the core refuses the name.
   */
  register(name: string, hostFunction: HostFunction): void {
    const bytes = sourceBytes(name, "the function's name");
    if (typeof hostFunction !== "function") {
      throw new UsageError(`${shown(name)}: a function is registered, not ${shown(hostFunction)}`);
    }
    if (bytes.length === 0 || bytes.length > this.#buffer.length) {
      throw new UsageError(`a function's name has 1 to ${bufferBytes} bytes, not ${bytes.length}`);
    }
    const id = this.#host.functions.add(hostFunction);
    const answer = this.#quietly(() => {
      this.#buffer.set(bytes);
      return this.#guest.register(this.#bufferPtr, bytes.length, id);
    });
    if (typeof answer === "number") return;
    const { code, message, cause } = answer;
    throw new UsageError(`${shown(name)} can't be registered: ${code}: ${message}`, { cause });
  }

  /** How full Lua's heap is. */
  memoryStats(): MemoryStats {
    return this.#enter(() => readMemoryStats(this.#guest, this.#host.memory));
  }

  /**
   * A full garbage collection; returns the bytes that it freed. What finalizers print comes with
   * the next result.
   */
  runGc(): number {
    const answer = this.#quietly(() => this.#guest.runGc());
    this.#host.tables.collectIfDue();
    if (typeof answer === "number") return answer;
    const { code, message, cause } = answer;
    throw new UsageError(`no collection: ${code}: ${message}`, { cause });
  }

  /** A portable copy of the Lua state. This version answers NOT_BUILT. */
  snapshot(): SnapshotResult {
    const failure = this.#transfer(() => this.#guest.serializeState());
    return failure ?? { ok: true, bytes: this.#host.received.take() };
  }

  /** Puts a snapshot in the place of the state. This version answers NOT_BUILT. */
  restore(snapshot: Uint8Array): { readonly ok: true } | Failure {
    const bytes = sourceBytes(snapshot, "a snapshot");
    const failure = this.#transfer(() => {
      this.#host.promised.promise(bytes);
      return this.#guest.restoreState();
    });
    return failure ?? { ok: true };
  }

  /** Closes the Lua state. Later calls answer DISPOSED; external tables can still be read. */
  dispose(): void {
    const { state } = this.#standing;
    if (state === "busy") throw new BusyError(meaningOf("BUSY"));
    if (state === "ready") this.#enter(() => this.#guest.deinit());
    this.#standing = { state: "disposed" };
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Code that the guest pulls, and that nothing finds once it has run. */
  #computeLong(code: Uint8Array): number {
    const { modules } = this.#host;
    modules.provideCode(code);
    try {
      return this.#guest.compute(0, code.length);
    } finally {
      modules.provideCode(undefined);
    }
  }

  /** Calls an export that leaves a frame only when it fails: what it answered, or why not. */
  #quietly(start: () => number): number | Refusal {
    return this.#enter(() => {
      const status = start();
      return status < 0 ? readRefusal(this.#host, { status, buffer: this.#buffer }) : status;
    });
  }

  /** Calls an export that leaves a frame, and reads it. */
  #result(start: () => number): Result {
    return this.#answering(() => {
      const status = this.#enter(start);
      const result = readResult(this.#host, { status, buffer: this.#buffer });
      this.#host.tables.collectIfDue();
      return result;
    });
  }

  /** Calls an export that answers with a code alone; undefined is success. */
  #transfer(start: () => number): Failure | undefined {
    return this.#answering(() => {
      const status = this.#enter(start);
      return status < 0 ? failureWithoutFrame(status) : undefined;
    });
  }

  /** What forbids or ends a call becomes a failure: nothing is thrown. */
  #answering<Answer>(work: () => Answer): Answer | Failure {
    try {
      return work();
    } catch (thrown) {
      if (thrown instanceof BusyError) return failureOf("BUSY", thrown.message);
      // There may be no other result: what was printed until the end comes with this one.
      const output = takeOutput(this.#host);
      if (thrown instanceof DisposedError) {
        return { ...failureOf("DISPOSED", thrown.message), ...output };
      }
      // What is neither comes from reading an answer: a core that answers nonsense is done for.
      if (!(thrown instanceof PoisonedError)) this.#standing = { state: "poisoned", cause: thrown };
      const cause = thrown instanceof PoisonedError ? thrown.cause : thrown;
      return { ...failureOf("POISONED", poisonedMessage(cause), cause), ...output };
    }
  }

  /**
   * Every call of an export goes through here: what an export throws poisons the instance.
   * Throws PoisonedError, DisposedError, BusyError.
   */
  #enter<Answer>(callExport: () => Answer): Answer {
    const standing = this.#standing;
    switch (standing.state) {
      case "disposed":
        throw new DisposedError("the core is disposed of; load a new one");
      case "busy":
        throw new BusyError(meaningOf("BUSY"));
      case "poisoned":
        throw new PoisonedError(poisonedMessage(standing.cause), { cause: standing.cause });
      case "ready":
        break;
      default:
        return assertNever(standing);
    }
    this.#standing = { state: "busy" };
    this.#host.beginCall();
    try {
      const answer = callExport();
      this.#standing = { state: "ready" };
      return answer;
    } catch (cause) {
      this.#standing = { state: "poisoned", cause };
      throw new PoisonedError(poisonedMessage(cause), { cause });
    }
  }
}

/** What a core is made of; `loadCore` has them. */
export interface CoreParts {
  readonly guest: Guest;
  readonly host: Host;
  readonly manifest: Manifest;
}

function poisonedMessage(cause: unknown): string {
  return `the core trapped (${messageOf(cause)}) and can't be used any more; load a new core`;
}
