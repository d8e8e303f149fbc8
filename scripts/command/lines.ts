/** Lines of progress of a command without a display. */
import type { TextStream } from "./invocation.ts";

/** Writes each text as a line. */
export function linesTo(stream: TextStream): (line: string) => void {
  return (line) => void stream.write(`${line}\n`);
}
