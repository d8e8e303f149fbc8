/**
 * Cuts the content of data segments into pieces at the addresses that are seen anywhere. Wasm has
 * no symbols for data, so where a piece begins is a guess, if a good one: a number that is no
 * address but happens to look like one makes a cut too many. The bytes are exact all the same.
 */
import { createHash } from "node:crypto";
import { contentOf, type Part, type Span } from "./layout.ts";

export interface Piece extends Span {
  /** The text that it is, shortened, or a hash of its bytes: the same wherever it lies. */
  readonly label: string;
  /** The part that is its segment. */
  readonly segment: Part;
  /** Pieces, by their place in the list, that its words point to. */
  readonly pointsTo: readonly number[];
}

export interface DataPieces {
  readonly pieces: readonly Piece[];
  /** The piece, by its place in the list, that lies at an address in memory. */
  readonly at: (address: number) => number | undefined;
}

/** A segment of the file whose place in memory is known. */
interface Placed extends Span {
  readonly segment: Part;
  readonly address: number;
}

const wordBytes = 4;

/**
 * Cuts where code has a constant, and words of the data, and loads and stores: those not in the
 * middle of a text, where they only take the third letter of a name or so.
 */
export function cutData(bytes: Uint8Array, parts: readonly Part[]): DataPieces {
  const segments = parts.filter(({ kind }) => kind === "segment");
  const placed = segments.flatMap(placedOf).sort((a, b) => a.address - b.address);
  const words = placed.flatMap((segment) => wordsOf(bytes, segment));
  const constants = parts.flatMap(({ numbers }) => numbers?.constants ?? []);
  const offsets = parts.flatMap(({ numbers }) => numbers?.offsets ?? []);
  const cuts = new Set([...words, ...constants]);
  for (const offset of offsets) if (!isInText(bytes, placed, offset)) cuts.add(offset);
  const sorted = [...cuts].sort((a, b) => a - b);
  const spans = placed.flatMap((segment) => cutSegment(segment, sorted));
  const find = finderOf(spans);
  const pieces = spans.map((span) => ({
    start: span.start,
    end: span.end,
    segment: span.segment,
    label: labelOf(bytes.subarray(span.start, span.end)),
    pointsTo: [...new Set(wordsOf(bytes, span).flatMap((word) => find(word) ?? []))],
  }));
  const whole = segments.flatMap((segment) => wholePiece(bytes, segment));
  return { pieces: [...pieces, ...whole], at: find };
}

function placedOf(segment: Part): readonly Placed[] {
  const content = contentOf(segment);
  const { address } = segment;
  return content === undefined || address === undefined ? [] : [{ ...content, segment, address }];
}

/** Of a segment whose place is not known. */
function wholePiece(bytes: Uint8Array, segment: Part): readonly Piece[] {
  const content = segment.address === undefined ? contentOf(segment) : undefined;
  if (content === undefined) return [];
  const label = labelOf(bytes.subarray(content.start, content.end));
  return [{ ...content, segment, label, pointsTo: [] }];
}

/** Whether the byte at that address and the one before it are both of a text. */
function isInText(bytes: Uint8Array, placed: readonly Placed[], address: number): boolean {
  const segment = placed[lastAtOrBefore(placed, address) ?? -1];
  if (segment === undefined || address === segment.address) return false;
  const offset = segment.start + address - segment.address;
  return [bytes[offset - 1], bytes[offset]].every((byte = 0) => byte !== 0 && isTextByte(byte));
}

/** By bisection: the span that holds the address. */
function lastAtOrBefore(sorted: readonly Placed[], address: number): number | undefined {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle]?.address ?? Number.POSITIVE_INFINITY) <= address) low = middle + 1;
    else high = middle;
  }
  const found = sorted[low - 1];
  if (found === undefined || address >= found.address + found.end - found.start) return undefined;
  return low - 1;
}

/** The words that lie at multiples of four in memory, as pointers do. */
function wordsOf(bytes: Uint8Array, { start, end, address }: Placed): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const words: number[] = [];
  const first = start + ((wordBytes - (address % wordBytes)) % wordBytes);
  for (let offset = first; offset + wordBytes <= end; offset += wordBytes) {
    words.push(view.getUint32(offset, true));
  }
  return words;
}

function cutSegment(segment: Placed, sortedCuts: readonly number[]): readonly Placed[] {
  const { start, end, address } = segment;
  const last = address + end - start;
  const inside = sortedCuts.filter((cut) => cut > address && cut < last);
  const edges = [address, ...inside, last];
  return edges.slice(0, -1).map((edge, index) => ({
    segment: segment.segment,
    address: edge,
    start: start + edge - address,
    end: start + (edges[index + 1] ?? last) - address,
  }));
}

/** Segments lie apart from each other in memory, so that the pieces are in order, too. */
function finderOf(pieces: readonly Placed[]): (address: number) => number | undefined {
  return (address) => lastAtOrBefore(pieces, address);
}

const labelLengthMax = 48;
const hashLength = 12;

function labelOf(content: Uint8Array): string {
  const text = textOf(content);
  if (text !== undefined) {
    return JSON.stringify(
      text.length <= labelLengthMax ? text : `${text.slice(0, labelLengthMax - 1)}…`,
    );
  }
  if (content.every((byte) => byte === 0)) return `${content.length} zeros`;
  const hash = createHash("sha256").update(content).digest("hex").slice(0, hashLength);
  return `${content.length} bytes ${hash}`;
}

/** Strings, with the zeros between them but not those at the end; undefined for anything else. */
function textOf(content: Uint8Array): string | undefined {
  const lastByte = content.findLastIndex((byte) => byte !== 0);
  const text = content.subarray(0, lastByte + 1);
  if (text.length === 0 || !text.every(isTextByte)) return undefined;
  return new TextDecoder().decode(text);
}

/** Printable ASCII, the zero between texts, tab to carriage return. */
function isTextByte(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || byte === 0 || (byte >= 0x09 && byte <= 0x0d);
}
