/** Reads the options of each call once, and refuses what means nothing before it is acted on. */
import { memoryBytes } from "../artifact/abi.ts";
import { libraryNames } from "./configuration.ts";
import type { CoreOptions } from "./core.ts";
import { messageOf, UsageError } from "./errors.ts";
import { ownInput } from "./input.ts";
import { ownModules } from "./modules.ts";
import { defaultQuota, outputBytesMax, type Quota } from "./quota.ts";
import type { RestoreOptions } from "./restore-snapshot.ts";
import type { Trust } from "./saved.ts";
import { shown } from "./shown.ts";
import type { SnapshotLimits } from "./snapshot/container.ts";
import { isInteger64, isIntegral64 } from "./table-key.ts";
import type { SnapshotOptions } from "./take-snapshot.ts";

/**
 * Options as they are now, on an object that nobody else has. Throws UsageError, which names the
 * option, its value, and what is allowed; also for one that there is not, or that can't be read.
 */
export function readCoreOptions(options: unknown): CoreOptions {
  return readOptions<CoreOptions>(options, { of: "loadCore", rules: coreRules });
}

export function readSnapshotOptions(options: unknown): SnapshotOptions {
  return readOptions<SnapshotOptions>(options, { of: "snapshot", rules: snapshotRules });
}

export function readRestoreOptions(options: unknown): RestoreOptions {
  return readOptions<RestoreOptions>(options, { of: "restore", rules: restoreRules });
}

export function readImageOptions(options: unknown): Trust {
  return readOptions<Trust>(options, { of: "loadImage", rules: trustRules });
}

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

/** Throws as the others; harness/store reads its options by it too. */
export function readOptions<Options>(given: unknown, reading: Reading<Options>): Options {
  try {
    return ownOptions(given, reading) as Options;
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
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

const u32Max = 0xffff_ffff;
const aFunction: Rule = { isAllowed: (value) => typeof value === "function", what: "a function" };
const limit: Rule = {
  isAllowed: (value) => typeof value === "number" && value >= 0,
  what: "a number from 0 on",
};
/** For what its own check names better. */
const anything: Rule = { isAllowed: () => true, what: "" };

const quotaRules: Rules<Quota> = {
  maxBytes: limit,
  maxEntries: limit,
  maxTables: limit,
  maxNameBytes: limit,
  maxIterators: limit,
  maxOutputBytes: {
    isAllowed: (value) => limit.isAllowed(value) && Number(value) <= outputBytesMax,
    what:
      `a number from 0 to ${outputBytesMax}, for output becomes one text; ` +
      "more is for onOutput",
  },
};

const coreRules: Rules<CoreOptions> = {
  libraries: { isAllowed: Array.isArray, what: "an array of names", own: ownLibraries },
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
  quota: objectOf<Quota>("quota", {
    rules: quotaRules,
    what: Object.keys(defaultQuota).join(", "),
  }),
  modules: { ...anything, own: ownModules },
  input: { ...anything, own: ownInput },
  onOutput: aFunction,
  time: aFunction,
  clock: aFunction,
  integers: oneOf("number", "bigint"),
  strings: oneOf("text", "bytes"),
};

const limitsRule = objectOf<SnapshotLimits>("limits", {
  rules: { bytesMax: limit, objectsMax: limit },
  what: "bytesMax and objectsMax",
});

const snapshotRules: Rules<SnapshotOptions> = {
  debugInformation: oneOf(true, false),
  limits: limitsRule,
};

const trustRules: Rules<Trust> = { bytecode: oneOf("refused", "trusted") };

const restoreRules: Rules<RestoreOptions> = {
  ...trustRules,
  failAllocation: coreRules.failAllocation,
  failCount: coreRules.failCount,
  limits: limitsRule,
};

export function oneOf(...values: readonly (string | boolean)[]): Rule {
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
    // −0 would be a float in Lua.
    own: (value) => Number(value) + 0,
  };
}

function objectOf<Options>(
  name: string,
  { rules, what }: { readonly rules: Rules<Options>; readonly what: string },
): Rule {
  return {
    isAllowed: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
    what: `an object of ${what}`,
    own: (value) => readOptions<Options>(value, { of: name, prefix: `${name}.`, rules }),
  };
}

function ownLibraries(libraries: unknown): readonly unknown[] {
  const names: readonly unknown[] = Array.isArray(libraries) ? libraries.slice(0, 100) : [];
  const known: ReadonlySet<unknown> = new Set(libraryNames);
  const allowedNames = `at least one of ${libraryNames.join(", ")}`;
  if (names.length === 0) throw new UsageError(`the option libraries is ${allowedNames}`);
  // By index: a hole is no name.
  for (let i = 0; i < names.length; i++) {
    if (known.has(names[i])) continue;
    throw new UsageError(`the option libraries is ${allowedNames}, not ${shown(names[i])}`);
  }
  return names;
}
