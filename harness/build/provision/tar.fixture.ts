/** Makes .tar.gz archives for tests. */
import { gzipSync } from "node:zlib";

export interface TarEntry {
  readonly path: string;
  readonly content?: string;
  /** The header's type: "0" file, "5" folder, "x" pax header, … */
  readonly type?: string;
  readonly prefix?: string;
}

export function tarGz(entries: readonly TarEntry[]): Uint8Array {
  return gzipSync(Buffer.concat([...entries.map(tarMember), new Uint8Array(1024)]));
}

/** The header and content of one member, padded to whole blocks. */
export function tarMember({ path, content = "", type = "0", prefix = "" }: TarEntry): Uint8Array {
  const bytes = new TextEncoder().encode(content);
  const member = new Uint8Array(512 + Math.ceil(bytes.length / 512) * 512);
  const put = (text: string, offset: number) => member.set(new TextEncoder().encode(text), offset);
  put(path, 0);
  put("0000644\0", 100);
  put(`${bytes.length.toString(8).padStart(11, "0")}\0`, 124);
  put("        ", 148);
  put(type, 156);
  put("ustar\0", 257);
  put(prefix, 345);
  const sum = member.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  put(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  member.set(bytes, 512);
  return member;
}
