/** What may be given as an option of a store: by these rules `readOptions` reads them. */
import { oneOf, type Rule, type Rules } from "../check/read-options.ts";
import type { WriterOptions } from "./store.ts";
import type { WebLockOptions } from "./web-lock.ts";

export const aFunction: Rule = {
  isAllowed: (value) => typeof value === "function",
  what: "a function",
};

export const aText: Rule = { isAllowed: (value) => typeof value === "string", what: "a text" };

/** With these methods. */
export function anObjectWith(...methods: readonly string[]): Rule {
  return {
    isAllowed: (value) =>
      typeof value === "object" &&
      value !== null &&
      methods.every((method) => typeof Reflect.get(value, method) === "function"),
    what: `an object with ${methods.join(", ")}`,
  };
}

export function required(rule: Rule): Rule {
  return { ...rule, isRequired: true };
}

export const writerRules: Rules<WriterOptions> = {
  whenHeld: oneOf("refuse", "wait", "take-over", "read"),
  signal: { isAllowed: (value) => value instanceof AbortSignal, what: "an AbortSignal" },
};

export const webLockRules: Rules<WebLockOptions> = {
  ...writerRules,
  locks: anObjectWith("request"),
};
