/** The suite `hosts`: what crosses between JavaScript and Lua, and what goes wrong on the way. */
import type { Suite } from "../../harness/suite/suite.ts";
import { answers } from "./answers.ts";
import { badInput } from "./bad-input.ts";
import { bytecode } from "./bytecode.ts";
import { codes } from "./codes.ts";
import { errors } from "./errors.ts";
import { externalTables } from "./external-tables.ts";
import { hostFunctions } from "./host-functions.ts";
import { hostMemory } from "./host-memory.ts";
import { inputOutput } from "./input-output.ts";
import { isolation } from "./isolation.ts";
import { iteration } from "./iteration.ts";
import { libraries } from "./libraries.ts";
import { memory } from "./memory.ts";
import { modules } from "./modules.ts";
import { poison } from "./poison.ts";
import { quota } from "./quota.ts";
import { rawCalls } from "./raw-calls.ts";
import { reachability } from "./reachability.ts";
import { scratch } from "./scratch.ts";
import { storedDamage } from "./stored-damage.ts";
import { storedElsewhere } from "./stored-elsewhere.ts";
import { storedFunctions } from "./stored-functions.ts";
import { tablesByValue } from "./tables-by-value.ts";
import { values } from "./values.ts";
import { wrongUse } from "./wrong-use.ts";

export const hostsSuite: Suite = {
  name: "hosts",
  cases: [
    ...values,
    ...tablesByValue,
    ...externalTables,
    ...storedFunctions,
    ...storedElsewhere,
    ...storedDamage,
    ...iteration,
    ...reachability,
    ...quota,
    ...hostMemory,
    ...hostFunctions,
    ...modules,
    ...inputOutput,
    ...errors,
    ...answers,
    ...codes,
    ...rawCalls,
    ...scratch,
    ...poison,
    ...isolation,
    ...libraries,
    ...bytecode,
    ...memory,
    ...badInput,
    ...wrongUse,
  ],
  spread: "every-variant",
  entry: import.meta.url,
};
