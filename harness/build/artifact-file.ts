/** What is known of one wasm file: its sizes, its hash, and what it says of itself. */
import { readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import {
  abiVersion,
  type Manifest,
  ManifestError,
  parseManifest,
} from "../../runtime/abi/manifest.ts";
import { readModule, WasmFormatError } from "../wasm/module.ts";
import type { Artifact, ArtifactSizes } from "./artifact.ts";
import { sha256Of } from "./cache.ts";

/** A file is no core that this harness can work with: which file, and why not. */
export class ArtifactError extends Error {
  override readonly name = "ArtifactError";
}

const manifestBytesMax = 1 << 16;

/** An artifact that somebody built elsewhere (`--wasm FILE`). Throws ArtifactError. */
export async function fromFile(path: string): Promise<Artifact> {
  const wasmPath = resolve(path);
  const bytes = await readWasm(wasmPath);
  const manifest = await readManifest(bytes, wasmPath);
  if (manifest.abi !== abiVersion) {
    throw new ArtifactError(
      `${wasmPath} speaks ABI ${manifest.abi}, this harness speaks ${abiVersion}: ` +
        "use the harness of its version",
    );
  }
  return {
    id: basename(wasmPath),
    wasmPath,
    sha256: sha256Of(bytes),
    sizes: await measureSizes(bytes),
    manifest,
    steps: [],
  };
}

async function readWasm(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (cause) {
    const reason = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw new ArtifactError(`${path} can't be read (${reason}): give the path of a wasm file`, {
      cause,
    });
  }
}

export async function measureSizes(bytes: Uint8Array): Promise<ArtifactSizes> {
  const [gzipped, brotlied] = await Promise.all([
    promisify(gzip)(bytes, { level: 9 }),
    promisify(brotliCompress)(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: 11,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
  ]);
  return { raw: bytes.length, gzip: gzipped.length, brotli: brotlied.length };
}

/**
 * The manifest of a core, which is instantiated for it with imports that only throw. `path` names
 * the file in errors. Throws ArtifactError.
 */
export async function readManifest(
  bytes: Uint8Array<ArrayBuffer>,
  path: string,
): Promise<Manifest> {
  try {
    readModule(bytes);
    const module = await WebAssembly.compile(bytes);
    const { exports } = await WebAssembly.instantiate(module, throwingImports(module));
    if (exports["_initialize"] !== undefined) callExport(exports, "_initialize");
    const address = callExport(exports, "get_manifest_ptr") >>> 0;
    const length = callExport(exports, "get_manifest_len") >>> 0;
    const { memory } = exports;
    if (!(memory instanceof WebAssembly.Memory)) throw new ManifestError("it exports no memory");
    if (length > manifestBytesMax || address + length > memory.buffer.byteLength) {
      throw new ManifestError("its manifest lies outside its memory");
    }
    const text = new TextDecoder().decode(new Uint8Array(memory.buffer, address, length));
    return parseManifest(text);
  } catch (cause) {
    throw new ArtifactError(`${path} is ${reasonOf(cause)}`, { cause });
  }
}

function callExport(exports: WebAssembly.Exports, name: string): number {
  const called = exports[name];
  if (typeof called !== "function") throw new ManifestError(`it exports no function ${name}`);
  return Number(called());
}

function throwingImports(module: WebAssembly.Module): WebAssembly.Imports {
  const imports: Record<string, Record<string, WebAssembly.ImportValue>> = {};
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    if (kind !== "function") throw new ManifestError(`it imports a ${kind}, ${from}.${name}`);
    imports[from] ??= {};
    imports[from][name] = () => {
      throw new ManifestError(`it calls ${from}.${name} before init`);
    };
  }
  return imports;
}

function reasonOf(cause: unknown): string {
  if (cause instanceof WasmFormatError || cause instanceof WebAssembly.CompileError) {
    return `no valid wasm: ${cause.message}`;
  }
  return `no core of this project: ${cause instanceof Error ? cause.message : String(cause)}`;
}
