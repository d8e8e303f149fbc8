/** Reads an object of options once, by rules, and refuses what means nothing before it is used. */
import { isA, messageOf, UsageError } from "./errors.ts";
import { shown } from "./shown.ts";

export interface Rule {
  readonly isAllowed: (value: unknown) => boolean;
  readonly what: string;
  /** It can't be left out. */
  readonly isRequired?: boolean;
  /** What is kept of it, where it could change; throws UsageError for what is in it. */
  readonly own?: (value: unknown) => unknown;
}

export type Rules<Options> = Readonly<Record<keyof Options, Rule>>;

interface Reading<Options> {
  /** The call, or the option in which these are. */
  readonly of: string;
  /** What their names begin with in messages. */
  readonly prefix?: string;
  readonly rules: Rules<Options>;
}

/**
 * Options as they are now, on an object that nobody else has. Throws UsageError, which names the
 * option, its value, and what is allowed; also for one that there is not, or that can't be read.
 */
export function readOptions<Options>(given: unknown, reading: Reading<Options>): Options {
  try {
    return ownOptions(given, reading) as Options;
  } catch (cause) {
    if (isA(cause, UsageError)) throw cause;
    const message = `the options of ${reading.of} can't be read: ${messageOf(cause)}`;
    throw new UsageError(message, { cause });
  }
}

function ownOptions<Options>(given: unknown, { of, prefix = "", rules }: Reading<Options>): object {
  if (typeof given !== "object" || given === null) {
    throw new UsageError(`the options of ${of} are an object, not ${shown(given)}`);
  }
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(rules, name));
  if (unknown !== undefined) throw new UsageError(`${of} has no option ${shown(unknown)}`);
  const own: Record<string, unknown> = {};
  for (const [name, rule] of Object.entries<Rule>(rules)) {
    const { isAllowed, what, isRequired = false, own: ownOf } = rule;
    const value: unknown = Reflect.get(given, name);
    if (value === undefined && !isRequired) continue;
    if (!isAllowed(value)) {
      throw new UsageError(`the option ${prefix}${name} is ${what}, not ${shown(value)}`);
    }
    own[name] = ownOf === undefined ? value : ownOf(value);
  }
  return own;
}

export const aFunction: Rule = {
  isAllowed: (value) => typeof value === "function",
  what: "a function",
};
export const limit: Rule = {
  isAllowed: (value) => typeof value === "number" && value >= 0,
  what: "a number from 0 on",
};
/** For what its own check names better. */
export const anything: Rule = { isAllowed: () => true, what: "" };

export function oneOf(...values: readonly (string | boolean)[]): Rule {
  return {
    isAllowed: (value) => values.some((each) => each === value),
    what: values.map(shown).join(" or "),
  };
}

export function integerFrom1To(max: number): Rule {
  return integer({ min: 1, max });
}

export function integer({ min, max }: { readonly min: number; readonly max: number }): Rule {
  return {
    isAllowed: (value) => Number.isInteger(value) && Number(value) >= min && Number(value) <= max,
    what: `an integer from ${min} to ${max}`,
    // −0 would be a float in Lua.
    own: (value) => Number(value) + 0,
  };
}

export function objectOf<Options>(
  name: string,
  { rules, what }: { readonly rules: Rules<Options>; readonly what: string },
): Rule {
  return {
    isAllowed: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
    what: `an object of ${what}`,
    own: (value) => readOptions<Options>(value, { of: name, prefix: `${name}.`, rules }),
  };
}
