/** The host's side of one instance: all that its imports reach. */
import { statusCodes } from "../abi/abi.ts";
import { CollectedBytes, PromisedBytes } from "../bytes/byte-streams.ts";
import { TableHandles } from "../table/table-handles.ts";
import { TableIterators } from "../table/table-iterators.ts";
import type { TableRegistry } from "../table/table-registry.ts";
import type { Decoding } from "../value/decode.ts";
import type { Environment } from "./environment.ts";
import { GuestMemory } from "./guest-memory.ts";
import { encodeMessage, HostFunctions } from "./host-functions.ts";

export class Host {
  readonly environment: Environment;
  /** The environment's, which this instance shares with the one before and the one after it. */
  readonly tables: TableRegistry;
  readonly decoding: Decoding;
  readonly memory = new GuestMemory();
  readonly functions: HostFunctions;
  readonly handles: TableHandles;
  readonly iterators: TableIterators;
  /** What `js_stream_read` gives. */
  readonly promised = new PromisedBytes();
  /** What `js_stream_write` took. */
  readonly received = new CollectedBytes();
  /** What was thrown last during the call under way: the cause of a failure. */
  exception: unknown;

  constructor(environment: Environment) {
    const { tables, decoding } = environment;
    this.environment = environment;
    this.tables = tables;
    this.decoding = decoding;
    this.handles = new TableHandles(tables);
    this.iterators = new TableIterators(tables);
    this.functions = new HostFunctions({
      decoding,
      tableIds: tables.idOf,
      onException: (exception) => {
        this.exception = exception;
      },
    });
  }

  /** Answers a script that a quota forbids something: the message is what it reads. */
  overQuota(message: string): number {
    this.promised.promise(encodeMessage(message));
    return statusCodes.QUOTA_EXCEEDED;
  }

  /** Forgets what a call before left behind, but for output: only a result takes that. */
  beginCall(): void {
    this.promised.promise(new Uint8Array(0));
    this.received.take();
    this.exception = undefined;
  }

  /** The instance is done for: what its Lua held of external tables is let go. */
  abandon(): void {
    this.handles.releaseAll();
    this.iterators.closeAll();
  }
}
