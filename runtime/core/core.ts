/** A core: one Lua state in a wasm, as an application uses it. */
import { bufferBytes } from "../abi/abi.ts";
import type { Manifest } from "../abi/manifest.ts";
import { latin1Of } from "../bytes/latin1.ts";
import { hasRoomForEntry, outOfStackMessage, requireRoomForEntry } from "../check/engine-stack.ts";
import { UsageError } from "../check/errors.ts";
import { shown } from "../check/shown.ts";
import type { Difference } from "../graph/diff.ts";
import type { HostFunction } from "../instance/host-functions.ts";
import { sourceBytes } from "../instance/input.ts";
import type { Instance } from "../instance/instance.ts";
import type { InstanceSource, Replacement } from "../instance/instance-source.ts";
import type { MemoryStats } from "../instance/memory-stats.ts";
import type { Refusal } from "../instance/read-result.ts";
import { type Failure, failureOf, type Result } from "../instance/result.ts";
import { diffSnapshots } from "../snapshot/diff-snapshots.ts";
import { restoreImage, takeImage } from "../snapshot/image.ts";
import { type RestoreOptions, restoreSnapshot } from "../snapshot/restore-snapshot.ts";
import type { Saved, Trust } from "../snapshot/saved.ts";
import {
  type SnapshotOptions,
  type SnapshotResult,
  takeSnapshot,
} from "../snapshot/take-snapshot.ts";
import { Tables } from "../table/tables.ts";
import { encodeList, encodeString } from "../value/encode.ts";
import type { LuaInput } from "../value/values.ts";
import { readImageOptions, readRestoreOptions, readSnapshotOptions } from "./options.ts";

/** Success that has no values. */
export type Done = { readonly ok: true };

export class Core {
  /** What the wasm says of itself. */
  readonly manifest: Manifest;
  /** The external tables: Maps behind Lua's `ext.table`. */
  readonly tables: Tables;
  readonly #source: InstanceSource;
  /** Replaced when a state is restored. */
  #instance: Instance;

  /** Applications call `loadCore`. */
  constructor({ instance, source, manifest }: CoreParts) {
    this.manifest = manifest;
    this.tables = new Tables(source.environment.tables);
    this.#source = source;
    this.#instance = instance;
  }

  /**
   * Runs Lua code in the persistent state; an expression gives its values. Never throws for what
   * Lua does. Code of any length; a text is passed as UTF-8. Throws UsageError for what is no code.
   */
  compute(code: string | Uint8Array): Result {
    if (!hasRoomForEntry()) return outOfStack();
    return this.#instance.compute(sourceBytes(code, "the code of compute"));
  }

  /**
   * Calls a global function, or one on a path through tables ("string.format"). Throws EncodeError
   * for an argument that has no Lua value, UsageError for a name that is no text.
   */
  call(name: string, ...values: readonly LuaInput[]): Result {
    if (!hasRoomForEntry()) return outOfStack();
    const encodedName = encodeString(sourceBytes(name, "the function's name"));
    const list = encodeList(values, this.#source.environment.tables.idOf);
    return this.#instance.call(encodedName, list);
  }

  /**
   * Makes a JavaScript function a global of Lua, or puts it on a path ("app.save"), whose tables
   * are made. A snapshot knows it by this name: before one is restored that calls it, it must have
   * been registered. Throws UsageError when the core refuses the name.
   */
  register(name: string, hostFunction: HostFunction): void {
    requireRoomForEntry();
    const bytes = sourceBytes(name, "the function's name");
    if (typeof hostFunction !== "function") {
      throw new UsageError(`${shown(name)}: a function is registered, not ${shown(hostFunction)}`);
    }
    if (bytes.length === 0 || bytes.length > bufferBytes) {
      throw new UsageError(`a function's name has 1 to ${bufferBytes} bytes, not ${bytes.length}`);
    }
    const { host } = this.#instance;
    const key = latin1Of(bytes);
    const { id, undo } = host.functions.add(hostFunction, key);
    let answer: number | Refusal | undefined;
    try {
      answer = this.#instance.register(bytes, id);
    } finally {
      if (typeof answer !== "number") undo();
    }
    if (typeof answer !== "number") throw refused(`${shown(name)} can't be registered`, answer);
    host.environment.registered.set(key, hostFunction);
  }

  /** How full Lua's heap is. */
  memoryStats(): MemoryStats {
    requireRoomForEntry();
    return this.#instance.memoryStats();
  }

  /**
   * A full garbage collection; returns the bytes that it freed. What finalizers print comes with
   * the next result.
   */
  runGc(): number {
    requireRoomForEntry();
    const answer = this.#instance.runGc();
    this.#source.environment.tables.collectIfDue();
    if (typeof answer === "number") return answer;
    throw refused("no collection", answer);
  }

  /**
   * A portable copy of the Lua state, which every build of this Lua restores. External tables are
   * in it by their ids alone. The state goes on, after a full collection.
   */
  snapshot(given: SnapshotOptions = {}): SnapshotResult {
    if (!hasRoomForEntry()) return outOfStack();
    const options = readSnapshotOptions(given);
    const request = { instance: this.#instance, source: this.#source, options };
    return this.#instance.answering(() => takeSnapshot(request));
  }

  /**
   * Puts a snapshot's state in the place of this one, also of one that is poisoned; the finalizers
   * of the old state don't run. Register host functions and load external tables first. On a
   * failure all is as before. Throws UsageError for what are no bytes.
   */
  restore(snapshot: Saved, given: RestoreOptions = {}): Done | Failure {
    if (!hasRoomForEntry()) return outOfStack();
    const options = readRestoreOptions(given);
    return this.#replace(() => restoreSnapshot(this.#source, { saved: snapshot, options }));
  }

  /**
   * A copy of the whole memory: the fast way to save, for this very build of the wasm alone.
   * Throws PoisonedError, DisposedError, BusyError; UsageError for a wasm without a build id.
   */
  image(): Uint8Array {
    requireRoomForEntry();
    return takeImage(this.#instance, this.#source);
  }

  /** As `restore`, from an image. The options of the core that it was taken from come with it. */
  loadImage(image: Saved, given: Trust = {}): Done | Failure {
    if (!hasRoomForEntry()) return outOfStack();
    const options = readImageOptions(given);
    return this.#replace(() => restoreImage(this.#source, { saved: image, options }));
  }

  /**
   * The paths at which two snapshots differ, a thousand at most, and how many more; neither is
   * restored. Throws SnapshotError for bytes that are no snapshot.
   */
  diff(a: Uint8Array, b: Uint8Array): readonly Difference[] {
    requireRoomForEntry();
    return diffSnapshots(a, b);
  }

  /** Closes the Lua state. Later calls answer DISPOSED; external tables can still be read. */
  dispose(): void {
    requireRoomForEntry();
    this.#instance.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** The old instance goes on as it was unless there is another one to take its place. */
  #replace(make: () => Replacement): Done | Failure {
    const before = this.#instance;
    const made = before.aside(make);
    if (!made.ok) return made;
    this.#instance = made.instance;
    before.host.abandon();
    this.#source.environment.tables.collect();
    return { ok: true };
  }
}

/** What a core is made of; `loadCore` has them. */
export interface CoreParts {
  readonly instance: Instance;
  readonly source: InstanceSource;
  readonly manifest: Manifest;
}

function outOfStack(): Failure {
  return failureOf("OUT_OF_STACK", outOfStackMessage);
}

function refused(what: string, { code, message, cause }: Refusal): UsageError {
  return new UsageError(`${what}: ${code}: ${message}`, { cause });
}
