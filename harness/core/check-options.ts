/** Refuses options of `loadCore` that mean nothing, before anything is made of them. */
import { memoryBytes } from "../artifact/abi.ts";
import { libraryNames } from "./configuration.ts";
import type { CoreOptions } from "./core.ts";
import { UsageError } from "./errors.ts";
import { checkInput } from "./input.ts";
import { checkModules } from "./modules.ts";
import { defaultQuota, outputBytesMax } from "./quota.ts";
import { shown } from "./shown.ts";
import { isInteger64, isIntegral64 } from "./table-key.ts";

/** Throws UsageError, which names the option, its value, and what is allowed. */
export function checkOptions(options: unknown): asserts options is CoreOptions {
  if (typeof options !== "object" || options === null) {
    throw new UsageError(`the options of loadCore are an object, not ${shown(options)}`);
  }
  for (const [name, { isAllowed, what }] of Object.entries(rules)) {
    const value: unknown = Reflect.get(options, name);
    if (value === undefined || isAllowed(value)) continue;
    throw new UsageError(`the option ${name} is ${what}, not ${shown(value)}`);
  }
  const { libraries, quota, modules, input }: { [Name in keyof CoreOptions]?: unknown } = options;
  checkLibraries(libraries);
  checkQuota(quota);
  checkModules(modules);
  checkInput(input);
}

interface Rule {
  readonly isAllowed: (value: unknown) => boolean;
  readonly what: string;
}

const u32Max = 0xffff_ffff;
const quotaNames = Object.keys(defaultQuota);
const aFunction: Rule = { isAllowed: (value) => typeof value === "function", what: "a function" };

/** What each option is; modules, input, and what libraries and quota hold have a check each. */
const rules: Readonly<Record<Exclude<keyof CoreOptions, "modules" | "input">, Rule>> = {
  libraries: { isAllowed: Array.isArray, what: "an array of names" },
  bytecode: oneOf("text", "trusted"),
  traceback: oneOf(true, false),
  seed: {
    isAllowed: (value) =>
      typeof value === "bigint"
        ? isInteger64(value)
        : typeof value === "number" && isIntegral64(value),
    what: "an integer from -2^63 to 2^63 - 1",
  },
  heapLimitBytes: integerFrom1To(memoryBytes),
  failAllocation: integerFrom1To(u32Max),
  failCount: integer({ min: 0, max: u32Max }),
  quota: {
    isAllowed: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
    what: `an object of ${quotaNames.join(", ")}`,
  },
  onOutput: aFunction,
  time: aFunction,
  clock: aFunction,
  integers: oneOf("number", "bigint"),
  strings: oneOf("text", "bytes"),
};

function oneOf(...values: readonly (string | boolean)[]): Rule {
  return {
    isAllowed: (value) => values.some((each) => each === value),
    what: values.map(shown).join(" or "),
  };
}

function integerFrom1To(max: number): Rule {
  return integer({ min: 1, max });
}

function integer({ min, max }: { readonly min: number; readonly max: number }): Rule {
  return {
    isAllowed: (value) => Number.isInteger(value) && Number(value) >= min && Number(value) <= max,
    what: `an integer from ${min} to ${max}`,
  };
}

function checkLibraries(libraries: unknown): void {
  if (!Array.isArray(libraries)) return;
  const known: ReadonlySet<unknown> = new Set(libraryNames);
  const allowedNames = `at least one of ${libraryNames.join(", ")}`;
  if (libraries.length === 0) throw new UsageError(`the option libraries is ${allowedNames}`);
  for (const name of libraries) {
    if (known.has(name)) continue;
    throw new UsageError(`the option libraries is ${allowedNames}, not ${shown(name)}`);
  }
}

function checkQuota(quota: unknown): void {
  if (typeof quota !== "object" || quota === null) return;
  for (const name of quotaNames) {
    const limit: unknown = Reflect.get(quota, name);
    if (limit === undefined || (typeof limit === "number" && limit >= 0)) continue;
    throw new UsageError(`the option quota.${name} is a number from 0 on, not ${shown(limit)}`);
  }
  const { maxOutputBytes = 0 }: { maxOutputBytes?: unknown } = quota;
  if (Number(maxOutputBytes) <= outputBytesMax) return;
  throw new UsageError(
    `the option quota.maxOutputBytes is at most ${outputBytesMax}, for output becomes one text; ` +
      "more is for onOutput",
  );
}
