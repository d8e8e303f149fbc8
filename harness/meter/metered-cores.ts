/** Cores of metered modules: made as `loadCore` makes them, and counted together. */
import { type Manifest, parseManifest } from "../artifact/manifest.ts";
import { type CoreSource, compile } from "../core/compile.ts";
import { Core, type CoreOptions } from "../core/core.ts";
import { Environment } from "../core/environment.ts";
import { messageOf, PoisonedError } from "../core/errors.ts";
import { type Guest, guestOf } from "../core/guest.ts";
import { Host } from "../core/host.ts";
import { importsFor } from "../core/imports.ts";
import { Instance } from "../core/instance.ts";
import { InstanceSource, type Replacement, type SourceParts } from "../core/instance-source.ts";
import { readMemoryStats } from "../core/memory-stats.ts";
import { type Failure, failureOf } from "../core/result.ts";
import { countedEntries, countedImports, noTraffic, type Traffic } from "./boundary.ts";
import { Counters, type Counts, countsTogether, MeterError, noCounts } from "./counters.ts";

/** What all cores of one MeteredCores did, from the first on. */
export interface Tally extends Readonly<Traffic> {
  readonly counts: Counts;
  /** The largest that the heap of one of them was. */
  readonly heapPeakBytes: number;
}

export class MeteredCores {
  readonly #traffic = noTraffic();
  readonly #meters = new Set<Meter>();
  /** What closed instances did: they are let go. */
  #closed: Omit<Tally, keyof Traffic> = { counts: noCounts, heapPeakBytes: 0 };

  /** In the place of `loadCore`; what it executes counts too. Throws CoreLoadError, MeterError. */
  readonly load = async (wasm: CoreSource, options: CoreOptions): Promise<Core> => {
    const module = await compile(wasm);
    const environment = new Environment(options);
    const source = new MeteredSource(
      { module, environment, options },
      {
        imports: (imports) => countedImports(imports, this.#traffic),
        guest: (instance, host) => this.#guestOf(instance, host),
      },
    );
    const made = source.replacement((instance) => startFailure(source, instance));
    if (!made.ok) throw new MeterError(`no metered core: ${made.code}: ${String(made.error)}`);
    return new Core({ instance: made.instance, source, manifest: source.manifest() });
  };

  tally(): Tally {
    let { counts, heapPeakBytes } = this.#closed;
    for (const meter of this.#meters) {
      counts = countsTogether(counts, meter.counters.read());
      heapPeakBytes = Math.max(heapPeakBytes, meter.heapPeakBytes());
    }
    return { ...this.#traffic, counts, heapPeakBytes };
  }

  #guestOf(instance: WebAssembly.Instance, host: Host): Guest {
    const plain = guestOf(instance);
    const counters = new Counters(instance.exports);
    const heapPeakBytes = (): number =>
      counters.pausedFor(() => readMemoryStats(plain, host.memory).heapPeakBytes);
    const meter: Meter = { counters, heapPeakBytes };
    this.#meters.add(meter);
    const deinit = (): number => {
      const peakBytes = heapPeakBytes();
      const answer = plain.deinit();
      this.#meters.delete(meter);
      this.#closed = {
        counts: countsTogether(this.#closed.counts, counters.read()),
        heapPeakBytes: Math.max(this.#closed.heapPeakBytes, peakBytes),
      };
      return answer;
    };
    return { ...countedEntries(plain, this.#traffic), deinit };
  }
}

/** One instance that may still execute something. */
interface Meter {
  readonly counters: Counters;
  readonly heapPeakBytes: () => number;
}

interface Wrapping {
  readonly imports: (imports: WebAssembly.Imports) => WebAssembly.Imports;
  readonly guest: (instance: WebAssembly.Instance, host: Host) => Guest;
}

/** Makes every instance of a core, also those that replace one, with the boundary wrapped. */
class MeteredSource extends InstanceSource {
  readonly #module: WebAssembly.Module;
  readonly #wrapping: Wrapping;
  #manifest: Manifest | undefined;

  constructor(parts: SourceParts, wrapping: Wrapping) {
    super(parts);
    this.#module = parts.module;
    this.#wrapping = wrapping;
  }

  /** What the first instance said of itself. */
  manifest(): Manifest {
    if (this.#manifest === undefined) throw new MeterError("no instance was made yet");
    return this.#manifest;
  }

  override replacement(fill: (instance: Instance) => Failure | undefined): Replacement {
    const host = new Host(this.environment);
    try {
      const guest = this.#connect(host);
      guest.initialize?.();
      this.#manifest ??= manifestOf(guest, host);
      const instance = new Instance({ guest, host });
      const failure = fill(instance);
      if (failure === undefined) return { ok: true, instance };
      host.abandon();
      return failure;
    } catch (thrown) {
      host.abandon();
      if (!(thrown instanceof PoisonedError)) throw thrown;
      return failureOf("BAD_SNAPSHOT", `a core trapped: ${messageOf(thrown.cause)}`, thrown.cause);
    }
  }

  #connect(host: Host): Guest {
    let guest: Guest | undefined;
    const imports = importsFor(host, () => guest?.protectedCalls);
    const wrapped = this.#wrapping.imports(imports);
    const instance = new WebAssembly.Instance(this.#module, wrapped);
    const plain = guestOf(instance);
    host.memory.attach(plain.memory.buffer);
    guest = this.#wrapping.guest(instance, host);
    return guest;
  }
}

function manifestOf(guest: Guest, host: Host): Manifest {
  const json = host.memory.range(guest.manifestPtr(), guest.manifestLen());
  return parseManifest(new TextDecoder().decode(json));
}

/** Configures and starts Lua, as `loadCore` does. */
function startFailure(source: InstanceSource, instance: Instance): Failure | undefined {
  const configured = source.configure(instance);
  if (configured < 0) return failureOf("HOST_FAILED", `the core refused an option: ${configured}`);
  const initialised = instance.init();
  if (typeof initialised === "number") return undefined;
  return failureOf(initialised.code, initialised.message);
}
