/** Any JavaScript value in a few words, for a message that says what was given. */

const textMax = 60;

/** A scalar as it is written, a text cut where it is long; of an object, what it is. */
export function shown(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value.length > textMax ? `${value.slice(0, textMax)}…` : value);
    case "bigint":
      return `${value}n`;
    case "function":
      return "a function";
    case "object":
      return value === null ? "null" : classOf(value);
    default:
      return Object.is(value, -0) ? "-0" : String(value);
  }
}

function classOf(value: object): string {
  if (value instanceof Promise) return "a Promise: await it first";
  if (Array.isArray(value)) return "an array";
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype) return "a plain object";
  const name: unknown = value.constructor?.name;
  return typeof name === "string" && name !== "" ? `an object of class ${name}` : "an object";
}
