/** Any JavaScript value in a few words, for a message that says what was given. */

const textMax = 60;

/** A scalar as it is written, a text cut where it is long; of an object, what it is. */
export function shown(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(cut(value));
    case "bigint":
      return `${cut(String(value))}n`;
    case "function":
      return "a function";
    case "object":
      return value === null ? "null" : classOf(value);
    default:
      return Object.is(value, -0) ? "-0" : cut(String(value));
  }
}

function cut(text: string): string {
  return text.length > textMax ? `${text.slice(0, textMax)}…` : text;
}

/** A proxy may be revoked, and a getter may throw: it is an object then, and no more is known. */
function classOf(value: object): string {
  try {
    return knownClassOf(value);
  } catch {
    return "an object";
  }
}

function knownClassOf(value: object): string {
  if (value instanceof Promise) return "a Promise: await it first";
  if (Array.isArray(value)) return "an array";
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype) return "a plain object";
  const name: unknown = value.constructor?.name;
  return typeof name === "string" && name !== "" ? `an object of class ${cut(name)}` : "an object";
}
