/** The host's side of one instance: all that its imports reach. */
import { CollectedBytes, PromisedBytes } from "./byte-streams.ts";
import type { Decoding, ValueMapping } from "./decode.ts";
import { GuestMemory } from "./guest-memory.ts";
import { HostFunctions } from "./host-functions.ts";
import { Input, type InputSource } from "./input.ts";
import { type ModuleSource, Modules } from "./modules.ts";
import type { Quota } from "./quota.ts";
import { TableIterators } from "./table-iterators.ts";
import { TableRegistry } from "./table-registry.ts";

/** What the host gives: an option of `loadCore` each. */
export interface HostOptions extends Partial<ValueMapping> {
  /** Limits over all external tables; none by default. */
  readonly quota?: Quota;
  /** What `require` finds. */
  readonly modules?: ModuleSource;
  /** What `io.read` reads; nothing by default. */
  readonly input?: InputSource;
  /** Takes all output as it comes; a result's `output` is empty then. */
  readonly onOutput?: (bytes: Uint8Array) => void;
  /** Seconds since the epoch, for `os.time`; the clock of the engine by default. */
  readonly time?: () => number;
  /** Seconds of processor time, for `os.clock`; time since the core's start by default. */
  readonly clock?: () => number;
}

export class Host {
  readonly memory = new GuestMemory();
  readonly tables: TableRegistry;
  readonly iterators = new TableIterators();
  readonly functions: HostFunctions;
  readonly modules: Modules;
  readonly input: Input;
  readonly decoding: Decoding;
  /** What `js_stream_read` gives. */
  readonly promised = new PromisedBytes();
  /** What `js_stream_write` took. */
  readonly received = new CollectedBytes();
  /** What was printed and has not come with a result yet. */
  readonly output = new CollectedBytes();
  readonly onOutput: ((bytes: Uint8Array) => void) | undefined;
  readonly time: () => number;
  readonly clock: () => number;
  /** What was thrown last during the call under way: the cause of a failure. */
  exception: unknown;

  constructor(options: HostOptions) {
    const { integers = "number", strings = "text", quota = {} } = options;
    const mapping: ValueMapping = { integers, strings };
    this.tables = new TableRegistry({ quota, mapping });
    this.decoding = { ...mapping, tableOf: this.tables.tableOf };
    this.functions = new HostFunctions({
      decoding: this.decoding,
      tableIds: this.tables.idOf,
      onException: (exception) => {
        this.exception = exception;
      },
    });
    this.modules = new Modules(options.modules);
    this.input = new Input(options.input);
    this.onOutput = options.onOutput;
    this.time = options.time ?? (() => Date.now() / 1000);
    this.clock = options.clock ?? clockFromNow();
  }

  /** Forgets what a call before left behind, but for output: only a result takes that. */
  beginCall(): void {
    this.promised.promise(new Uint8Array(0));
    this.received.take();
    this.exception = undefined;
  }

  /** Takes output of the guest: the bytes are copied. */
  takeOutput(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    if (this.onOutput === undefined) this.output.add(bytes);
    else this.onOutput(bytes.slice());
  }
}

function clockFromNow(): () => number {
  const startMs = performance.now();
  return () => (performance.now() - startMs) / 1000;
}
