/** Any JavaScript value in a few words, for a message that says what was given; long texts cut. */

const textMax = 60;

/** The beginning of a longer text; half a character at its end is U+FFFD. */
export function cut(text: string, lengthMax: number): string {
  return text.length > lengthMax ? `${text.slice(0, lengthMax).toWellFormed()}…` : text;
}

/** A scalar as it is written, a text cut where it is long; of an object, what it is. */
export function shown(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(cut(value, textMax));
    case "bigint":
      return cut(`${value}n`, textMax);
    case "function":
      return "a function";
    case "object":
      return value === null ? "null" : classOf(value);
    default:
      return Object.is(value, -0) ? "-0" : cut(String(value), textMax);
  }
}

/** The class of an object, in words; of one that throws when it is looked at, that. */
export function classOf(value: object): string {
  try {
    return cut(readClass(value), textMax);
  } catch {
    return "an object that throws when it is looked at";
  }
}

function readClass(value: object): string {
  if (value instanceof Promise) return "a Promise: await it first";
  if (Array.isArray(value)) return "an array";
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype) return "a plain object";
  const name: unknown = value.constructor?.name;
  return typeof name === "string" && name !== "" ? `an object of class ${name}` : "an object";
}
