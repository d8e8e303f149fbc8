/** The result frame that the guest leaves in its buffer (docs/FORMATS.md, "Result frame"). */
import { frameHeaderBytes, frameValuesStreamed } from "../abi/abi.ts";
import { DecodeError } from "../check/errors.ts";

export interface Frame {
  readonly output: Uint8Array;
  readonly valueCount: number;
  /** The values' encoding. */
  readonly values: Uint8Array;
}

/** Reads a frame; `streamed`: what came through `js_stream_write`. Throws DecodeError. */
export function readFrame(options: {
  readonly buffer: Uint8Array;
  readonly streamed: Uint8Array;
}): Frame {
  const { buffer, streamed } = options;
  const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  const outputLength = view.getUint32(0, true);
  const valueCount = view.getUint32(4, true);
  const valuesLength = view.getUint32(8, true);
  const isStreamed = (view.getUint32(12, true) & frameValuesStreamed) !== 0;
  const outputEnd = frameHeaderBytes + outputLength;
  const end = isStreamed ? outputEnd : outputEnd + valuesLength;
  if (end > buffer.length) {
    throw new DecodeError(`a frame of ${end} bytes in a buffer of ${buffer.length}`);
  }
  if (isStreamed && streamed.length !== valuesLength) {
    throw new DecodeError(`${valuesLength} bytes of values announced, ${streamed.length} came`);
  }
  return {
    output: buffer.slice(frameHeaderBytes, outputEnd),
    valueCount,
    values: isStreamed ? streamed : buffer.slice(outputEnd, end),
  };
}
