/** From a module and the host's side to an instance's exports, over a memory of the right size. */
import { memoryBytes } from "../abi/abi.ts";
import { CoreLoadError, messageOf } from "../check/errors.ts";
import { type Guest, guestOf } from "./guest.ts";
import type { Host } from "./host.ts";
import { importsFor } from "./imports.ts";

/** What stands between an instance and the host: the same imports and exports, watched. */
export interface Wiring {
  readonly imports: (imports: WebAssembly.Imports) => WebAssembly.Imports;
  readonly guest: (parts: GuestParts) => Guest;
}

export interface GuestParts {
  readonly guest: Guest;
  readonly exports: WebAssembly.Exports;
  readonly host: Host;
}

/** Throws CoreLoadError, and what the wiring throws for the imports. */
export async function instantiate(
  module: WebAssembly.Module,
  host: Host,
  wiring?: Wiring,
): Promise<Guest> {
  const { imports, connect } = connectionOf(host, wiring);
  try {
    return connect(await WebAssembly.instantiate(module, imports));
  } catch (cause) {
    throw loadError(cause);
  }
}

/**
 * The same at once: for a module that had an instance before. Some older browsers allow it in
 * workers only. Throws what `instantiate` throws.
 */
export function instantiateNow(module: WebAssembly.Module, host: Host, wiring?: Wiring): Guest {
  const { imports, connect } = connectionOf(host, wiring);
  try {
    return connect(new WebAssembly.Instance(module, imports));
  } catch (cause) {
    throw loadError(cause);
  }
}

function connectionOf(host: Host, wiring: Wiring | undefined) {
  let guest: Guest | undefined;
  const imports = importsFor(host, () => guest?.protectedCalls);
  return {
    imports: wiring === undefined ? imports : wiring.imports(imports),
    connect: (instance: WebAssembly.Instance): Guest => {
      const plain = guestOf(instance);
      host.memory.attach(memoryOf(plain));
      guest = wiring?.guest({ guest: plain, exports: instance.exports, host }) ?? plain;
      return guest;
    },
  };
}

function memoryOf({ memory }: Guest): ArrayBuffer {
  const { buffer } = memory;
  if (buffer.byteLength === memoryBytes && !growsBeyond(memory)) return buffer;
  throw new CoreLoadError(
    "wrong-memory",
    `the memory must be ${memoryBytes} bytes and never grow; it has ${buffer.byteLength}`,
  );
}

/** A fixed memory refuses to grow; one that does is of a module that we refuse. */
function growsBeyond(memory: WebAssembly.Memory): boolean {
  try {
    memory.grow(1);
    return true;
  } catch {
    return false;
  }
}

function loadError(cause: unknown): CoreLoadError {
  if (cause instanceof CoreLoadError) return cause;
  return new CoreLoadError("not-initialised", `no instance of it: ${messageOf(cause)}`, { cause });
}
