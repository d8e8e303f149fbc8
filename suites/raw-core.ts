/** A core without the library's checks, for what the library never does: the bare exports. */

import type { Subject } from "../harness/suite/case.ts";
import { failureName } from "../runtime/abi/abi.ts";
import { latin1Of } from "../runtime/bytes/latin1.ts";
import { Environment, type HostOptions } from "../runtime/instance/environment.ts";
import { readFrame } from "../runtime/instance/frame.ts";
import { type Guest, guestOf } from "../runtime/instance/guest.ts";
import { Host } from "../runtime/instance/host.ts";
import type { HostFunction } from "../runtime/instance/host-functions.ts";
import { importsFor } from "../runtime/instance/imports.ts";
import { bytesOf } from "../runtime/scalar/scalars.ts";
import { decodeValues } from "../runtime/value/decode.ts";
import { encodeList, encodeString } from "../runtime/value/encode.ts";
import type { LuaInput, LuaValue } from "../runtime/value/values.ts";

export type ReplacedImports = Readonly<Record<string, (...figures: number[]) => number | void>>;

export interface RawCore {
  readonly guest: Guest;
  readonly host: Host;
  /** An answer of an export: a negative one by the name of its code. */
  readonly status: (answer: number) => string | number;
  /** Writes code to the start of the buffer and computes it. */
  readonly compute: (code: string) => string | number;
  readonly call: (name: string, ...values: readonly LuaInput[]) => string | number;
  readonly register: (name: string, hostFunction: HostFunction) => string | number;
  /** The values of the frame that the last call left. */
  readonly values: () => readonly LuaValue[];
  readonly output: () => Uint8Array;
}

/** An instance that is not initialised. `replaced`: imports instead of the library's. */
export async function rawCore(
  subject: Subject,
  options: { readonly replaced?: ReplacedImports; readonly host?: HostOptions } = {},
): Promise<RawCore> {
  const host = new Host(new Environment(options.host ?? {}));
  let guest: Guest | undefined;
  const imports = importsFor(host, () => guest?.protectedCalls);
  const env = { ...imports["env"], ...options.replaced };
  const { instance } = await WebAssembly.instantiate(subject.wasm, { ...imports, env });
  guest = guestOf(instance);
  host.memory.attach(guest.memory.buffer);
  guest.initialize?.();
  return over(guest, host);
}

function over(guest: Guest, host: Host): RawCore {
  const start = guest.bufferPtr();
  const buffer = host.memory.range(start, guest.bufferSize()) ?? new Uint8Array(0);
  const status = (answer: number) => failureName(answer) ?? answer;
  const write = (bytes: Uint8Array, at = 0) => buffer.set(bytes, at);
  const utf8 = (text: string) => bytesOf(text) ?? new Uint8Array(0);
  const frame = () => readFrame({ buffer, streamed: host.received.take() });
  return {
    guest,
    host,
    status,
    compute: (code) => {
      write(utf8(code));
      return status(guest.compute(start, utf8(code).length));
    },
    call: (name, ...values) => {
      const list = encodeList(values, host.tables.idOf);
      write(list);
      write(encodeString(utf8(name)), list.length);
      return status(guest.call(start + list.length, list.length));
    },
    register: (name, hostFunction) => {
      write(utf8(name));
      const { id } = host.functions.add(hostFunction, latin1Of(utf8(name)));
      return status(guest.register(start, utf8(name).length, id));
    },
    values: () => {
      const { values, valueCount: count } = frame();
      return decodeValues(values, { ...host.decoding, count });
    },
    output: () => frame().output,
  };
}
