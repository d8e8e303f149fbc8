/** The engine's own stack, on which JavaScript and wasm nest calls: whether there is room left. */
import { OutOfStackError } from "./errors.ts";

/** Nests calls of itself. Where they do not fit, the engine throws: how, each engine decides. */
type Nest = (calls: number, value: number) => number;

/** So many values are alive at once in a frame of `nest`, and every engine makes room for all. */
const frameValues = 1300;
const frameBytes = 8 * frameValues;
/** What an export may take before the core asks for more (zig/core/c_calls.zig), and imports. */
const entryBytes = 208 * 1024;
/** What a change to an external table takes, from its first step to the last. */
const changeBytes = 32 * 1024;
/** Room is told in steps: it is measured only where not all of it is there. */
const steps = 8;

let nest: Nest | undefined;

/** To be awaited once before a core is made: some browsers compile at once in workers only. */
export async function prepareStackProbe(): Promise<void> {
  if (nest !== undefined) return;
  nest = nestOf(await WebAssembly.instantiate(await WebAssembly.compile(probeModule())));
}

/** Whether an export may be called from here. */
export function hasRoomForEntry(): boolean {
  return hasRoom(entryBytes);
}

export const outOfStackMessage =
  "the caller has used up the engine's stack: call the core from fewer nested calls";

/** Throws OutOfStackError where no export may be called. */
export function requireRoomForEntry(): void {
  if (!hasRoom(entryBytes)) throw new OutOfStackError(outOfStackMessage);
}

/** Throws OutOfStackError where no external table may be changed: it would be changed by half. */
export function requireRoomForChange(): void {
  if (!hasRoom(changeBytes)) throw new OutOfStackError(outOfStackMessage);
}

/** How many of these bytes are left, to an eighth of them. */
export function roomOf(wantedBytes: number): number {
  for (let step = steps; step > 0; step--) {
    const bytes = Math.floor((wantedBytes * step) / steps);
    if (hasRoom(bytes)) return bytes;
  }
  return 0;
}

/** Whether the frames of calls may take so many bytes from here on. */
export function hasRoom(bytes: number): boolean {
  nest ??= nestOf(new WebAssembly.Instance(new WebAssembly.Module(probeModule())));
  try {
    nest(Math.ceil(bytes / frameBytes), 1);
    return true;
  } catch {
    return false;
  }
}

function nestOf({ exports }: WebAssembly.Instance): Nest {
  const { nest: exported } = exports;
  if (typeof exported !== "function") throw new Error("the probe of the stack exports nothing");
  return exported as Nest;
}

/**
 * A module with one function. A call costs a nanosecond or two, for it never comes to its last
 * part, but its frame has room for all the values that are alive there:
 *
 *     (func (export "nest") (param $calls i32) (param $value f64) (result f64)
 *       (if (i32.eqz (local.get $calls)) (then (return (local.get $value))))
 *       (if (i32.gt_s (local.get $calls) (i32.const 0))
 *         (then (return (call 0 (i32.sub (local.get $calls) (i32.const 1)) (local.get $value)))))
 *       local.get $value  (local.set $value (f64.sqrt (local.get $value)))  ;; many times
 *       local.get $value  f64.add                                           ;; as many times
 *     )
 */
function probeModule(): Uint8Array<ArrayBuffer> {
  const code = [0x20, 0, 0x45, 0x04, 0x40, 0x20, 1, 0x0f, 0x0b];
  code.push(0x20, 0, 0x41, 0, 0x4a, 0x04, 0x40);
  code.push(0x20, 0, 0x41, 1, 0x6b, 0x20, 1, 0x10, 0, 0x0f, 0x0b);
  for (let i = 0; i < frameValues; i++) code.push(0x20, 1, 0x20, 1, 0x9f, 0x21, 1);
  code.push(0x20, 1);
  for (let i = 0; i < frameValues; i++) code.push(0xa0);
  const body = [0, ...code, 0x0b];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 2, 0x7f, 0x7c, 1, 0x7c]),
    ...section(3, [1, 0]),
    ...section(7, [1, 4, 0x6e, 0x65, 0x73, 0x74, 0, 0]),
    ...section(10, [1, ...leb128(body.length), ...body]),
  ]);
}

function section(id: number, contents: readonly number[]): readonly number[] {
  return [id, ...leb128(contents.length), ...contents];
}

function leb128(value: number): readonly number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb128(value >>> 7)];
}
