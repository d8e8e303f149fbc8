/** What a core's instances are made of: kept, so that a fresh one can replace the one there is. */
import { buildIdBytes, buildIdSection } from "../abi/abi.ts";
import { CoreLoadError, messageOf, PoisonedError } from "../check/errors.ts";
import { decodeBody } from "../graph/decode-body.ts";
import type { SnapshotGraph } from "../graph/graph.ts";
import type { FreshState } from "../graph/host-function-places.ts";
import { encodeConfiguration, type StateOptions } from "./configuration.ts";
import type { Environment } from "./environment.ts";
import { Host } from "./host.ts";
import { Instance } from "./instance.ts";
import { instantiateNow, type Wiring } from "./instantiate.ts";
import { type Failure, failureOf } from "./result.ts";

/** An instance that may take the place of another one, or why there is none. */
export type Replacement = { readonly ok: true; readonly instance: Instance } | Failure;

export interface SourceParts {
  readonly module: WebAssembly.Module;
  readonly environment: Environment;
  readonly options: StateOptions;
  readonly wiring?: Wiring | undefined;
}

export class InstanceSource {
  readonly environment: Environment;
  /** Which build the module is; undefined where it doesn't say so. */
  readonly buildId: Uint8Array | undefined;
  readonly #module: WebAssembly.Module;
  readonly #options: StateOptions;
  readonly #wiring: Wiring | undefined;
  #fresh: SnapshotGraph | undefined;

  constructor({ module, environment, options, wiring }: SourceParts) {
    this.environment = environment;
    this.buildId = buildIdOf(module);
    this.#module = module;
    this.#options = options;
    this.#wiring = wiring;
  }

  /**
   * A fresh instance that `fill` gives a state: undefined is success. On any failure, a trap among
   * them, nothing is left of it.
   */
  replacement(fill: (instance: Instance) => Failure | undefined): Replacement {
    const host = new Host(this.environment);
    try {
      const guest = instantiateNow(this.#module, host, this.#wiring);
      guest.initialize?.();
      const instance = new Instance({ guest, host });
      const failure = fill(instance);
      if (failure === undefined) return { ok: true, instance };
      host.abandon();
      return failure;
    } catch (thrown) {
      host.abandon();
      if (thrown instanceof CoreLoadError) {
        return failureOf("HOST_FAILED", thrown.message, thrown.cause);
      }
      if (!(thrown instanceof PoisonedError)) throw thrown;
      const reason = `a core made of it trapped: ${messageOf(thrown.cause)}`;
      return failureOf("BAD_SNAPSHOT", reason, thrown.cause);
    }
  }

  /** A state of this core in which nothing has run. Made at the first call, and kept. */
  freshState(): FreshState | Failure {
    const registered = [...this.environment.registered.keys()];
    if (this.#fresh !== undefined) return { graph: this.#fresh, registered };
    const made = this.replacement((instance) => {
      const status = this.configure(instance, { failAllocation: 0 });
      if (status < 0) return noFreshState("the core refused an option");
      const begun = instance.init();
      if (typeof begun !== "number") return noFreshState(begun.message);
      const saved = instance.serializeState({ isStripped: true });
      const decoded = decodeBody(instance.host.received.take());
      if (saved < 0 || !decoded.ok) return noFreshState("it can't be saved");
      this.#fresh = decoded.graph;
      return undefined;
    });
    if (!made.ok) return made;
    made.instance.host.abandon();
    if (this.#fresh === undefined) return noFreshState("it is not there");
    return { graph: this.#fresh, registered };
  }

  /** Configures an instance as the first one was; `changes` are for this one alone. */
  configure(instance: Instance, changes: StateOptions = {}): number {
    return instance.configure(encodeConfiguration({ ...this.#options, ...changes }));
  }
}

function noFreshState(why: string): Failure {
  return failureOf("HOST_FAILED", `no fresh state to compare with: ${why}`);
}

function buildIdOf(module: WebAssembly.Module): Uint8Array | undefined {
  const [section, second] = WebAssembly.Module.customSections(module, buildIdSection);
  if (section?.byteLength !== buildIdBytes || second !== undefined) return undefined;
  return new Uint8Array(section);
}
