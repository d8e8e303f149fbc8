/** From a source, wherever it is, to a compiled module. */
import { CoreLoadError, isA, messageOf, UsageError } from "../check/errors.ts";
import { shown } from "../check/shown.ts";

/** The bytes of a core's wasm, a compiled module, a response with it, or where to fetch it. */
export type CoreSource = BufferSource | WebAssembly.Module | Response | URL;

/** Throws CoreLoadError: not-fetched, not-wasm, or not-compiled; UsageError for no source. */
export async function compile(source: CoreSource): Promise<WebAssembly.Module> {
  try {
    return await compileAny(source);
  } catch (cause) {
    if (isA(cause, CoreLoadError) || isA(cause, UsageError)) throw cause;
    const message = `loadCore does not take ${shown(source)}: ${messageOf(cause)}`;
    throw new UsageError(message, { cause });
  }
}

async function compileAny(source: CoreSource): Promise<WebAssembly.Module> {
  if (source instanceof WebAssembly.Module) return source;
  if (source instanceof URL) return compileBytes(await bytesOfResponse(await fetched(source)));
  if (isResponse(source)) return compileBytes(await bytesOfResponse(source));
  if (isBytes(source)) return compileBytes(source);
  throw new UsageError(
    `loadCore does not take ${shown(source)}: pass bytes, a Response, a Module or a URL`,
  );
}

/** Of another realm too. */
function isBytes(source: unknown): source is BufferSource {
  const tag = Object.prototype.toString.call(source);
  return ArrayBuffer.isView(source) || tag === "[object ArrayBuffer]";
}

/** An older engine may have no Response at all. */
function isResponse(source: BufferSource | Response): source is Response {
  return typeof Response === "function" && source instanceof Response;
}

async function fetched(url: URL): Promise<Response> {
  try {
    return await fetch(url);
  } catch (cause) {
    const remedy =
      url.protocol === "file:" ? "; read the file yourself and pass its bytes to loadCore" : "";
    throw new CoreLoadError("not-fetched", `${url} can't be fetched${remedy}`, { cause });
  }
}

async function bytesOfResponse(response: Response): Promise<ArrayBuffer> {
  if (!response.ok) {
    const { url, status, statusText } = response;
    throw new CoreLoadError("not-fetched", `${url || "the response"}: ${status} ${statusText}`);
  }
  try {
    return await response.arrayBuffer();
  } catch (cause) {
    throw new CoreLoadError("not-fetched", `${response.url}: the body can't be read`, { cause });
  }
}

async function compileBytes(source: BufferSource): Promise<WebAssembly.Module> {
  const bytes = ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
  const [m0, m1, m2, m3, ...version] = bytes.subarray(0, 8);
  if (m0 !== 0x00 || m1 !== 0x61 || m2 !== 0x73 || m3 !== 0x6d) {
    throw new CoreLoadError("not-wasm", `${bytes.length} bytes that do not begin as a wasm does`);
  }
  if (version.join() !== "1,0,0,0") {
    throw new CoreLoadError("not-wasm", "the wasm is cut off, or not of binary version 1");
  }
  try {
    return await WebAssembly.compile(source);
  } catch (cause) {
    const reason = messageOf(cause);
    throw new CoreLoadError(
      "not-compiled",
      `this engine does not compile the wasm: ${reason}. ${remedyOf(reason)}`,
      { cause },
    );
  }
}

/** Engines tell a page's policy in words of their own, and as an error of compilation. */
function remedyOf(reason: string): string {
  if (/\bCSP\b|Content Security Policy|unsafe-eval/i.test(reason)) {
    return "The page's Content-Security-Policy has to allow 'wasm-unsafe-eval' in script-src";
  }
  return "It is damaged, or uses what the engine lacks: a variant with unwind=js runs everywhere";
}
