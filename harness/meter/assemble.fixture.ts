/** Modules for tests, from the text format, by wabt. */
import loadWabt from "wabt";

const wabt = await loadWabt();

const features = {
  ...{ exceptions: true, mutable_globals: true, sat_float_to_int: true, sign_extension: true },
  ...{ simd: true, threads: true, multi_value: true, tail_call: true, bulk_memory: true },
  reference_types: true,
};

/** The module whose fields these are, with its name section. */
export function assemble(fields: string): Uint8Array<ArrayBuffer> {
  const module = wabt.parseWat("test.wat", `(module ${fields})`, features);
  try {
    module.validate();
    return new Uint8Array(module.toBinary({ write_debug_names: true }).buffer);
  } finally {
    module.destroy();
  }
}
