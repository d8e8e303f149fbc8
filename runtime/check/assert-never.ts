/** The end of a switch over a union: the compiler proves that it is never reached. */
import { shown } from "./shown.ts";

/** A value outside its union came past its type: our own bug. */
export function assertNever(value: never): never {
  throw new TypeError(`no branch for ${shown(value)}`);
}
