/** From a module and the host's side to an instance's exports, over a memory of the right size. */
import { memoryBytes } from "../artifact/abi.ts";
import { CoreLoadError, messageOf } from "./errors.ts";
import { type Guest, guestOf } from "./guest.ts";
import type { Host } from "./host.ts";
import { importsFor } from "./imports.ts";

/** Throws CoreLoadError. */
export async function instantiate(module: WebAssembly.Module, host: Host): Promise<Guest> {
  const wiring = wiringOf(host);
  try {
    return wiring.connect(await WebAssembly.instantiate(module, wiring.imports));
  } catch (cause) {
    throw loadError(cause);
  }
}

/**
 * The same at once: for a module that had an instance before. Some older browsers allow it in
 * workers only. Throws CoreLoadError.
 */
export function instantiateNow(module: WebAssembly.Module, host: Host): Guest {
  const wiring = wiringOf(host);
  try {
    return wiring.connect(new WebAssembly.Instance(module, wiring.imports));
  } catch (cause) {
    throw loadError(cause);
  }
}

function wiringOf(host: Host) {
  let guest: Guest | undefined;
  return {
    imports: importsFor(host, () => guest?.protectedCalls),
    connect: (instance: WebAssembly.Instance): Guest => {
      guest = guestOf(instance);
      host.memory.attach(memoryOf(guest));
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
