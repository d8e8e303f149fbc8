/** What may be given as options of a core and its calls: by these rules they are read. */
import { memoryBytes } from "../abi/abi.ts";
import { UsageError } from "../check/errors.ts";
import {
  aFunction,
  anything,
  integer,
  integerFrom1To,
  limit,
  objectOf,
  oneOf,
  type Rules,
  readOptions,
} from "../check/read-options.ts";
import { shown } from "../check/shown.ts";
import type { SnapshotLimits } from "../graph/limits.ts";
import { libraryNames, type StateOptions } from "../instance/configuration.ts";
import type { HostOptions } from "../instance/environment.ts";
import { ownInput } from "../instance/input.ts";
import { ownModules } from "../instance/modules.ts";
import { isInteger64, isIntegral64 } from "../scalar/table-key.ts";
import type { RestoreOptions } from "../snapshot/restore-snapshot.ts";
import type { Trust } from "../snapshot/saved.ts";
import type { SnapshotOptions } from "../snapshot/take-snapshot.ts";
import { defaultQuota, outputBytesMax, type Quota } from "../table/quota.ts";

/** All options of `loadCore`; each has a default. */
export interface CoreOptions extends HostOptions, StateOptions {}

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

const u32Max = 0xffff_ffff;

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
