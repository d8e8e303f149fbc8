/** What the host gives to a core: it is the same for each instance that the core has in turn. */
import { CollectedBytes } from "../bytes/byte-streams.ts";
import type { Quota } from "../table/quota.ts";
import { TableRegistry } from "../table/table-registry.ts";
import type { Decoding, ValueMapping } from "../value/decode.ts";
import type { HostFunction } from "./host-functions.ts";
import { Input, type InputSource } from "./input.ts";
import { type ModuleSource, Modules } from "./modules.ts";

/** What the host gives: an option of `loadCore` each. */
export interface HostOptions extends Partial<ValueMapping> {
  /** How much the core may make the host hold; entries have no limit by default. */
  readonly quota?: Quota;
  /** What `require` finds. */
  readonly modules?: ModuleSource;
  /** What `io.read` reads; nothing by default. */
  readonly input?: InputSource;
  /** Takes all output as it comes; a result's `output` is empty then. */
  readonly onOutput?: (bytes: Uint8Array) => void;
  /** Seconds since the epoch, for `os.time`; the clock of the engine by default. */
  readonly time?: () => number;
  /** Seconds, for `os.clock`; by default those since the core was loaded, by the wall's clock. */
  readonly clock?: () => number;
}

export class Environment {
  readonly tables: TableRegistry;
  /** The functions that were registered last under each name: its bytes, one character each. */
  readonly registered = new Map<string, HostFunction>();
  readonly modules: Modules;
  readonly input: Input;
  readonly decoding: Decoding;
  /** What was printed and has not come with a result yet. */
  readonly output = new CollectedBytes();
  readonly time: () => number;
  readonly clock: () => number;
  readonly #onOutput: ((bytes: Uint8Array) => void) | undefined;
  #isSilent = false;

  constructor(options: HostOptions) {
    const { integers = "number", strings = "text", quota = {} } = options;
    const mapping: ValueMapping = { integers, strings };
    this.tables = new TableRegistry({ quota, mapping });
    this.decoding = { ...mapping, tableOf: this.tables.tableOf };
    this.modules = new Modules(options.modules);
    this.input = new Input(options.input);
    this.time = options.time ?? (() => Date.now() / 1000);
    this.clock = options.clock ?? clockFromNow();
    this.#onOutput = options.onOutput;
  }

  /** Whether output of so many bytes more may be kept. */
  hasRoomFor(outputBytes: number): boolean {
    if (this.#onOutput !== undefined) return true;
    return !this.tables.account.isOver("maxOutputBytes", this.output.length + outputBytes);
  }

  /** Takes output of the guest: the bytes are copied. */
  takeOutput(bytes: Uint8Array): void {
    if (bytes.length === 0 || this.#isSilent) return;
    if (this.#onOutput === undefined) this.output.add(bytes);
    else this.#onOutput(bytes.slice());
  }

  /** Does the work, whose output nobody is to see. */
  silently<Answer>(work: () => Answer): Answer {
    this.#isSilent = true;
    try {
      return work();
    } finally {
      this.#isSilent = false;
    }
  }
}

function clockFromNow(): () => number {
  const startMs = performance.now();
  return () => (performance.now() - startMs) / 1000;
}
