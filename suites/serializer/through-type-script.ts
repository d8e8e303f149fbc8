/** A snapshot that TypeScript reads and writes again: both sides must agree on each byte. */

import { decodeBody } from "../../runtime/graph/decode-body.ts";
import { encodeBody } from "../../runtime/graph/encode-body.ts";
import { readContainer, writeContainer } from "../../runtime/snapshot/container.ts";

/** The two sides of the format differ, or one refuses what the other has made. */
export class FormatError extends Error {
  override readonly name = "FormatError";
}

/** The same bytes. Throws FormatError when they are not the same. */
export function throughTypeScript(snapshot: Uint8Array): Uint8Array {
  const read = readContainer(snapshot);
  if (!read.ok) throw new FormatError(`the container: ${read.reason}`);
  const decoded = decodeBody(read.container.body);
  if (!decoded.ok) throw new FormatError(`the body: ${decoded.reason}`);
  const again = writeContainer({ ...read.container, body: encodeBody(decoded.graph) });
  const place = again.findIndex((byte, at) => byte !== snapshot[at]);
  if (place >= 0 || again.length !== snapshot.length) {
    throw new FormatError(`another body after TypeScript, from byte ${place} of the container`);
  }
  return again;
}
