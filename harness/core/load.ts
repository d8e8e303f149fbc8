/** `loadCore`: from a wasm to a core whose Lua state is ready. */

import { bufferBytes, failureName, memoryBytes } from "../artifact/abi.ts";
import { abiVersion, type Manifest, parseManifest } from "../artifact/manifest.ts";
import { checkOptions } from "./check-options.ts";
import { type CoreSource, compile } from "./compile.ts";
import { encodeConfiguration } from "./configuration.ts";
import { Core, type CoreOptions } from "./core.ts";
import { CoreLoadError, messageOf } from "./errors.ts";
import { type Guest, guestOf } from "./guest.ts";
import { Host } from "./host.ts";
import { importsFor } from "./imports.ts";
import { checkInterface } from "./interface-check.ts";
import { readRefusal } from "./read-result.ts";
import { textOf } from "./scalars.ts";

/**
 * Makes a core of a wasm that was built with this library. A Module may be loaded many times;
 * each core has its own memory. Throws CoreLoadError, whose message says what to do, and
 * UsageError for a source or an option of the wrong kind.
 */
export async function loadCore(source: CoreSource, options: CoreOptions = {}): Promise<Core> {
  checkOptions(options);
  const module = await compile(source);
  checkInterface(module);
  const host = new Host(options);
  const guest = await instantiate(module, host);
  try {
    guest.initialize?.();
    const manifest = manifestOf(guest, host);
    start(guest, host, options);
    return new Core({ guest, host, manifest });
  } catch (cause) {
    if (cause instanceof CoreLoadError) throw cause;
    throw new CoreLoadError(
      "not-initialised",
      `the core trapped at its start: ${messageOf(cause)}`,
      {
        cause,
      },
    );
  }
}

async function instantiate(module: WebAssembly.Module, host: Host): Promise<Guest> {
  let guest: Guest | undefined;
  const imports = importsFor(host, () => guest?.protectedCalls);
  try {
    guest = guestOf(await WebAssembly.instantiate(module, imports));
  } catch (cause) {
    if (cause instanceof CoreLoadError) throw cause;
    throw new CoreLoadError("not-initialised", `no instance of it: ${messageOf(cause)}`, { cause });
  }
  const { buffer } = guest.memory;
  if (buffer.byteLength !== memoryBytes || growsBeyond(guest.memory)) {
    throw new CoreLoadError(
      "wrong-memory",
      `the memory must be ${memoryBytes} bytes and never grow; it has ${buffer.byteLength}`,
    );
  }
  host.memory.attach(buffer);
  return guest;
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

function manifestOf(guest: Guest, host: Host): Manifest {
  const bytes = host.memory.range(guest.manifestPtr(), guest.manifestLen());
  const json = bytes === undefined ? undefined : textOf(bytes);
  if (json === undefined) throw new CoreLoadError("wrong-abi", "the wasm has no readable manifest");
  let manifest: Manifest;
  try {
    manifest = parseManifest(json);
  } catch (cause) {
    throw new CoreLoadError("wrong-abi", messageOf(cause), { cause });
  }
  if (manifest.abi !== abiVersion) {
    throw new CoreLoadError(
      "wrong-abi",
      `the wasm has ABI ${manifest.abi}, this library speaks ABI ${abiVersion}: ` +
        "use a wasm and a library of one build",
    );
  }
  return manifest;
}

function start(guest: Guest, host: Host, options: CoreOptions): void {
  const buffer = host.memory.range(guest.bufferPtr(), guest.bufferSize());
  if (buffer === undefined || buffer.length !== bufferBytes) {
    throw new CoreLoadError(
      "wrong-abi",
      `the I/O buffer is not ${bufferBytes} bytes of the memory`,
    );
  }
  const configuration = encodeConfiguration(options);
  buffer.set(configuration);
  const configured = guest.configure(guest.bufferPtr(), configuration.length);
  if (configured < 0) {
    const name = failureName(configured) ?? configured;
    throw new CoreLoadError("not-initialised", `the core refused an option: ${name}`);
  }
  host.beginCall();
  const initialised = guest.init();
  if (initialised < 0) {
    const { code, message } = readRefusal(host, { status: initialised, buffer });
    throw new CoreLoadError("not-initialised", `Lua did not start: ${code}: ${message}`);
  }
}
