/**
 * A function's shape: a hash of its code without what moves from build to build, so that it is
 * known again under another name, or beside other functions.
 */
import { createHash } from "node:crypto";
import { assertNever } from "../../runtime/check/assert-never.ts";
import { ByteReader } from "../wasm/byte-reader.ts";
import {
  type Instruction,
  type Operand,
  readInstructions,
  skipLocals,
} from "../wasm/instructions.ts";
import type { Part } from "./layout.ts";

const hashLength = 16;

/** By place in the list of parts; functions alone have one. */
export function shapesOf(bytes: Uint8Array, parts: readonly Part[]): ReadonlyMap<number, string> {
  const addresses = parts.flatMap(({ address }) => address ?? []);
  const lowestAddress = Math.min(...addresses, Number.POSITIVE_INFINITY);
  return new Map(
    parts.flatMap((part, place): readonly [number, string][] =>
      part.kind === "function" ? [[place, shapeOf(bytes, part, lowestAddress)]] : [],
    ),
  );
}

/**
 * Left out: indices of functions, types, globals, tags, segments, and numbers that may be
 * addresses: from the lowest piece of data on.
 */
function shapeOf(bytes: Uint8Array, { spans }: Part, lowestAddress: number): string {
  const hash = createHash("sha256");
  const body = spans.at(-1);
  const reader = new ByteReader(bytes, body?.start, body?.end);
  reader.u32();
  const localsStart = reader.offset;
  skipLocals(reader);
  hash.update(bytes.subarray(localsStart, reader.offset));
  readInstructions(reader, (instruction) => {
    if (instruction.operands.some((operand) => moves(operand, lowestAddress))) {
      hash.update(stableText(instruction, lowestAddress));
    } else {
      hash.update(bytes.subarray(instruction.start, instruction.end));
    }
  });
  return hash.digest("hex").slice(0, hashLength);
}

function moves(operand: Operand, lowestAddress: number): boolean {
  switch (operand.kind) {
    case "index":
      return !["local", "label", "memory"].includes(operand.space);
    case "integer":
      return typeof operand.value === "number" && operand.value >= lowestAddress;
    case "address":
      return operand.offset >= lowestAddress;
    default:
      return assertNever(operand);
  }
}

function stableText({ opcode, operands }: Instruction, lowestAddress: number): string {
  const stable = operands.filter((operand) => !moves(operand, lowestAddress));
  const numbers = stable.map((operand) =>
    operand.kind === "index"
      ? operand.index
      : operand.kind === "integer"
        ? operand.value
        : operand.offset,
  );
  return `${opcode} ${numbers.join(" ")};`;
}
