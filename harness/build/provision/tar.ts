/** Takes files out of a .tar.gz: as much of POSIX ustar and pax as source archives use. */
import { gunzipSync } from "node:zlib";

const blockBytes = 512;
const sizeBytesMax = 1 << 28;

/** The archive is damaged or not a .tar.gz. */
export class TarError extends Error {
  override readonly name = "TarError";
}

export interface TarMember {
  readonly path: string;
  readonly content: Uint8Array;
}

/** The regular files of the archive, in its order. Throws TarError. */
export function readTarGz(archive: Uint8Array): readonly TarMember[] {
  let tar: Uint8Array;
  try {
    tar = gunzipSync(archive, { maxOutputLength: sizeBytesMax });
  } catch (cause) {
    throw new TarError("not a whole gzip file", { cause });
  }
  const members: TarMember[] = [];
  let longPath: string | undefined;
  for (let offset = 0; offset + blockBytes <= tar.length; ) {
    const header = tar.subarray(offset, offset + blockBytes);
    if (header.every((byte) => byte === 0)) return members;
    checkHeader(header, offset);
    const sizeBytes = octal(header, 124, 12);
    const content = tar.subarray(offset + blockBytes, offset + blockBytes + sizeBytes);
    if (content.length < sizeBytes) throw new TarError(`the member at ${offset} is cut off`);
    offset += blockBytes + Math.ceil(sizeBytes / blockBytes) * blockBytes;
    switch (String.fromCharCode(header[156] ?? 0)) {
      case "0":
      case "\0":
        members.push({ path: longPath ?? headerPath(header), content });
        longPath = undefined;
        break;
      case "x": // pax header of the next member
        longPath = paxPath(content);
        break;
      case "L": // GNU's form of a long path
        longPath = text(content, 0, content.length);
        break;
      default: // folders, links, the archive's own pax header
        longPath = undefined;
    }
  }
  throw new TarError("the archive has no end");
}

/** https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html, "ustar Header Block". */
function checkHeader(header: Uint8Array, offset: number): void {
  const sum = header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
  if (sum !== octal(header, 148, 8)) throw new TarError(`the header at ${offset} is damaged`);
}

function headerPath(header: Uint8Array): string {
  const name = text(header, 0, 100);
  const prefix = text(header, 345, 155);
  return text(header, 257, 5) === "ustar" && prefix !== "" ? `${prefix}/${name}` : name;
}

/** Records of the form "<length> <keyword>=<value>\n". */
function paxPath(content: Uint8Array): string | undefined {
  const match = /(?:^|\n)\d+ path=([^\n]*)\n/.exec(text(content, 0, content.length));
  return match?.[1];
}

function octal(header: Uint8Array, offset: number, length: number): number {
  const digits = text(header, offset, length).trim();
  if (!/^[0-7]+$/.test(digits)) throw new TarError("a number in a header is not octal");
  return Number.parseInt(digits, 8);
}

function text(bytes: Uint8Array, offset: number, length: number): string {
  const field = bytes.subarray(offset, offset + length);
  const end = field.indexOf(0);
  return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end));
}
