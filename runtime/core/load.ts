/** `loadCore`: from a wasm to a core whose Lua state is ready. */
import { bufferBytes, failureName } from "../abi/abi.ts";
import { abiVersion, type Manifest, parseManifest } from "../abi/manifest.ts";
import { prepareStackProbe } from "../check/engine-stack.ts";
import { CoreLoadError, messageOf, PoisonedError } from "../check/errors.ts";
import { type CoreSource, compile } from "../instance/compile.ts";
import { Environment } from "../instance/environment.ts";
import type { Guest } from "../instance/guest.ts";
import { Host } from "../instance/host.ts";
import { Instance } from "../instance/instance.ts";
import { InstanceSource } from "../instance/instance-source.ts";
import { instantiate, type Wiring } from "../instance/instantiate.ts";
import { checkInterface } from "../instance/interface-check.ts";
import { textOf } from "../scalar/scalars.ts";
import { Core } from "./core.ts";
import type { CoreOptions } from "./options.ts";
import { readCoreOptions } from "./options.ts";

/**
 * Makes a core of a wasm that was built with this library. A Module may be loaded many times;
 * each core has its own memory. Throws CoreLoadError, whose message says what to do, and
 * UsageError for a source or an option of the wrong kind.
 */
export async function loadCore(wasm: CoreSource, given: CoreOptions = {}): Promise<Core> {
  const options = readCoreOptions(given);
  const module = await compile(wasm);
  checkInterface(module);
  return await coreOf(module, { options });
}

/** A core of a module that has the ABI's interface, and may export more. Throws CoreLoadError. */
export async function coreOf(
  module: WebAssembly.Module,
  { options, wiring }: { readonly options: CoreOptions; readonly wiring?: Wiring },
): Promise<Core> {
  await prepareStackProbe();
  const environment = new Environment(options);
  const source = new InstanceSource({ module, environment, options, wiring });
  const host = new Host(environment);
  const guest = await instantiate(module, host, wiring);
  try {
    guest.initialize?.();
    const manifest = manifestOf(guest, host);
    checkBuffer(guest, host);
    const instance = new Instance({ guest, host });
    start(instance, source);
    return new Core({ instance, source, manifest });
  } catch (thrown) {
    if (thrown instanceof CoreLoadError) throw thrown;
    const cause = thrown instanceof PoisonedError ? thrown.cause : thrown;
    throw new CoreLoadError(
      "not-initialised",
      `the core trapped at its start: ${messageOf(cause)}`,
      { cause },
    );
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

function checkBuffer(guest: Guest, host: Host): void {
  const buffer = host.memory.range(guest.bufferPtr(), guest.bufferSize());
  if (buffer?.length === bufferBytes) return;
  throw new CoreLoadError("wrong-abi", `the I/O buffer is not ${bufferBytes} bytes of the memory`);
}

function start(instance: Instance, source: InstanceSource): void {
  const configured = source.configure(instance);
  if (configured < 0) {
    const name = failureName(configured) ?? configured;
    throw new CoreLoadError("not-initialised", `the core refused an option: ${name}`);
  }
  const initialised = instance.init();
  if (typeof initialised === "number") return;
  const { code, message } = initialised;
  throw new CoreLoadError("not-initialised", `Lua did not start: ${code}: ${message}`);
}
