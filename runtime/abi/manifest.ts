/** The manifest that every core carries in its memory (`get_manifest_ptr`), and how it is read. */

/** The version of exports, imports and formats that this library speaks (docs/FORMATS.md). */
export const abiVersion = 1;

/**
 * JSON in the wasm's data. `post` is not in it: post-processing turns one module into another
 * with the same behaviour, so the build records it beside the wasm.
 */
export interface Manifest {
  readonly abi: number;
  readonly lua: string;
  readonly zig: string;
  readonly target: string;
  readonly optimize: string;
  readonly unwind: string;
}

/** Why bytes are no manifest: the caller names the wasm in its own error. */
export class ManifestError extends Error {
  override readonly name = "ManifestError";
}

/** Reads a manifest's JSON. Throws ManifestError; an unknown `abi` is the caller's to judge. */
export function parseManifest(json: string): Manifest {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch (cause) {
    throw new ManifestError("the manifest is not JSON", { cause });
  }
  if (typeof parsed !== "object" || parsed === null)
    throw new ManifestError("the manifest is no object");
  const fields = new Map<string, unknown>(Object.entries(parsed));
  const text = (name: string): string => {
    const value = fields.get(name);
    if (typeof value !== "string")
      throw new ManifestError(`the manifest has no text field "${name}"`);
    return value;
  };
  const abi = fields.get("abi");
  if (typeof abi !== "number" || !Number.isInteger(abi))
    throw new ManifestError('the manifest has no integer "abi"');
  return {
    abi,
    lua: text("lua"),
    zig: text("zig"),
    target: text("target"),
    optimize: text("optimize"),
    unwind: text("unwind"),
  };
}
