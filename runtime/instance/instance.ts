/** One instance of the wasm, with the host's side of it: its exports as calls that are guarded. */
import { bufferBytes, memoryBytes, restoreFunctions, serializeStripped } from "../abi/abi.ts";
import { assertNever } from "../check/assert-never.ts";
import {
  BusyError,
  DecodeError,
  DisposedError,
  messageOf,
  PoisonedError,
} from "../check/errors.ts";
import type { Guest } from "./guest.ts";
import type { Host } from "./host.ts";
import { type MemoryStats, readMemoryStats } from "./memory-stats.ts";
import { type Refusal, readRefusal, readResult, takeOutput } from "./read-result.ts";
import { type Failure, failureOf, meaningOf, type Result } from "./result.ts";

type Standing =
  | { readonly state: "ready" }
  | { readonly state: "busy" }
  | { readonly state: "disposed" }
  | { readonly state: "poisoned"; readonly cause: unknown };

export class Instance {
  readonly host: Host;
  readonly #guest: Guest;
  readonly #buffer: Uint8Array;
  readonly #bufferPtr: number;
  #standing: Standing = { state: "ready" };

  constructor({ guest, host }: { readonly guest: Guest; readonly host: Host }) {
    this.host = host;
    this.#guest = guest;
    this.#bufferPtr = guest.bufferPtr();
    this.#buffer = host.memory.range(this.#bufferPtr, bufferBytes) ?? new Uint8Array(0);
  }

  configure(configuration: Uint8Array): number {
    return this.enter(() => {
      this.#buffer.set(configuration);
      return this.#guest.configure(this.#bufferPtr, configuration.length);
    });
  }

  init(): number | Refusal {
    return this.#quietly(() => this.#guest.init());
  }

  compute(code: Uint8Array): Result {
    return this.#result(() => {
      if (code.length > this.#buffer.length) return this.#computeLong(code);
      this.#buffer.set(code);
      return this.#guest.compute(this.#bufferPtr, code.length);
    });
  }

  /** `name`: an encoded string; `list`: the encoded arguments. */
  call(name: Uint8Array, list: Uint8Array): Result {
    const room = this.#buffer.length - name.length;
    if (room < 0) return failureOf("INVALID_SIZE", "the function's name is longer than the buffer");
    return this.#result(() => {
      if (list.length > room) {
        this.host.promised.promise(list);
        this.#buffer.set(name);
        return this.#guest.call(this.#bufferPtr, list.length);
      }
      this.#buffer.set(list);
      this.#buffer.set(name, list.length);
      return this.#guest.call(this.#bufferPtr + list.length, list.length);
    });
  }

  /** Makes a host function a global; the name must fit the buffer. */
  register(name: Uint8Array, functionId: number): number | Refusal {
    return this.#quietly(() => {
      this.#buffer.set(name);
      return this.#guest.register(this.#bufferPtr, name.length, functionId);
    });
  }

  memoryStats(): MemoryStats {
    return this.enter(() => readMemoryStats(this.#guest, this.host.memory));
  }

  runGc(): number | Refusal {
    return this.#quietly(() => this.#guest.runGc());
  }

  /** The body comes to `host.received`, also when the guest refuses with NOT_PERSISTABLE. */
  serializeState({ isStripped }: { readonly isStripped: boolean }): number {
    return this.enter(() => this.#guest.serializeState(isStripped ? serializeStripped : 0));
  }

  /** In place of `init`: makes the state that the body describes. */
  restoreState(body: Uint8Array, { isTrusted }: { readonly isTrusted: boolean }): number | Refusal {
    return this.#quietly(() => {
      this.host.promised.promise(body);
      return this.#guest.restoreState(isTrusted ? restoreFunctions : 0);
    });
  }

  /** The whole memory, not copied. */
  memory(): Uint8Array {
    return this.enter(() => this.host.memory.range(0, memoryBytes) ?? new Uint8Array(0));
  }

  /** Only unwind=js shows it; 0 for the others. Between calls it always stands at its start. */
  stackPointer(): number {
    return this.enter(() => Number(this.#guest.protectedCalls?.stackPointer.value ?? 0));
  }

  /** What an export that left a frame says of a negative answer. Throws DecodeError. */
  refusal(status: number): Refusal {
    return readRefusal(this.host, { status, buffer: this.#buffer });
  }

  /** Closes the state, if it still can be; no call is answered from here on. */
  dispose(): void {
    const { state } = this.#standing;
    if (state === "busy") throw new BusyError(meaningOf("BUSY"));
    if (state === "ready") this.enter(() => this.#guest.deinit());
    this.#standing = { state: "disposed" };
  }

  /**
   * Work during which this instance is not to be called; afterwards it stands as before, also one
   * that is poisoned. A failure where it is busy or disposed of; what the work throws passes.
   */
  aside<Answer>(work: () => Answer): Answer | Failure {
    const standing = this.#standing;
    if (standing.state === "busy") return failureOf("BUSY", meaningOf("BUSY"));
    if (standing.state === "disposed") return failureOf("DISPOSED", disposedMessage);
    this.#standing = { state: "busy" };
    try {
      return work();
    } finally {
      this.#standing = standing;
    }
  }

  /** What forbids or ends a call becomes a failure: nothing is thrown. */
  answering<Answer>(work: () => Answer): Answer | Failure {
    try {
      return work();
    } catch (thrown) {
      if (thrown instanceof BusyError) return failureOf("BUSY", thrown.message);
      // There may be no other result: what was printed until the end comes with this one.
      const output = takeOutput(this.host);
      if (thrown instanceof DisposedError) {
        return { ...failureOf("DISPOSED", thrown.message), ...output };
      }
      if (thrown instanceof PoisonedError) {
        return { ...failureOf("POISONED", thrown.message, thrown.cause), ...output };
      }
      if (thrown instanceof DecodeError) {
        const poisoned = this.#poison(thrown);
        return { ...failureOf("POISONED", poisoned.message, thrown), ...output };
      }
      // The host could not take what the core gave: it has no memory for it, most probably.
      const message = `the answer can't be read: ${messageOf(thrown)}`;
      return { ...failureOf("HOST_FAILED", message, thrown), ...output };
    }
  }

  /** Of a core that trapped, or that answers nonsense. */
  #poison(cause: unknown): PoisonedError {
    this.#standing = { state: "poisoned", cause };
    return new PoisonedError(poisonedMessage(cause), { cause });
  }

  /**
   * Every call of an export goes through here: what an export throws poisons the instance.
   * Throws PoisonedError, DisposedError, BusyError.
   */
  enter<Answer>(callExport: () => Answer): Answer {
    const standing = this.#standing;
    if (standing.state !== "ready") throw this.#obstacle(standing);
    this.#standing = { state: "busy" };
    this.host.beginCall();
    try {
      const answer = callExport();
      this.#standing = { state: "ready" };
      return answer;
    } catch (cause) {
      throw this.#poison(cause);
    }
  }

  /** Why it can't be called. */
  #obstacle(standing: Exclude<Standing, { readonly state: "ready" }>): Error {
    switch (standing.state) {
      case "disposed":
        return new DisposedError(disposedMessage);
      case "busy":
        return new BusyError(meaningOf("BUSY"));
      case "poisoned":
        return new PoisonedError(poisonedMessage(standing.cause), { cause: standing.cause });
      default:
        return assertNever(standing);
    }
  }

  /** Code that the guest pulls, and that nothing finds once it has run. */
  #computeLong(code: Uint8Array): number {
    const { modules } = this.host.environment;
    modules.provideCode(code);
    try {
      return this.#guest.compute(0, code.length);
    } finally {
      modules.provideCode(undefined);
    }
  }

  /** Calls an export that leaves a frame only when it fails: what it answered, or why not. */
  #quietly(start: () => number): number | Refusal {
    return this.enter(() => {
      const status = start();
      return status < 0 ? this.refusal(status) : status;
    });
  }

  /** Calls an export that leaves a frame, and reads it. */
  #result(start: () => number): Result {
    return this.answering(() => {
      const status = this.enter(start);
      // What takes the output is a function of the host: it must not call the core, either.
      const result = this.aside(() => readResult(this.host, { status, buffer: this.#buffer }));
      this.host.tables.collectIfDue();
      return result;
    });
  }
}

const disposedMessage = "the core is disposed of; load a new one";

function poisonedMessage(cause: unknown): string {
  return (
    `the core trapped (${messageOf(cause)}) and can't be used any more; ` +
    "restore a snapshot or an image, or load a new core"
  );
}
