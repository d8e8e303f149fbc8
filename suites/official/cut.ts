/** Leaves named blocks out of a test file; every other line keeps its number. */
import type { Cut } from "./account-type.ts";

/** An anchor that does not hold: the file is not the one that the account was written for. */
export class AnchorError extends Error {
  override readonly name = "AnchorError";
}

/** The file with its blocks cut. Test files hold any bytes: each is one character on the way. */
export function cutBytes(bytes: Uint8Array, cuts: readonly Cut[]): Uint8Array {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return Uint8Array.from(cutText(text, cuts), (character) => character.charCodeAt(0));
}

/** The text with each block blanked, or with what stands `instead` on the block's first line. */
export function cutText(text: string, cuts: readonly Cut[]): string {
  const lines = text.split("\n");
  let free = 0;
  for (const cut of cuts) {
    const { first, last } = placeOf(text, cut);
    if (first < free) throw new AnchorError(`the cut from "${cut.from}" overlaps the one before`);
    lines.fill("", first, last + 1);
    lines[first] = cut.instead ?? "";
    free = last + 1;
  }
  return lines.join("\n");
}

/** The lines of a block, from 0; the last one is part of it. */
function placeOf(text: string, { from, to }: Cut): { first: number; last: number } {
  const begin = text.indexOf(from);
  if (begin < 0 || text.indexOf(from, begin + 1) >= 0) {
    throw new AnchorError(`"${from}" stands ${begin < 0 ? "nowhere" : "more than once"}`);
  }
  const first = lineOf(text, begin);
  const end = text.indexOf(to, text.lastIndexOf("\n", begin) + 1);
  if (end < 0) throw new AnchorError(`no line with "${to}" comes after "${from}"`);
  return { first, last: lineOf(text, end) };
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length - 1;
}
