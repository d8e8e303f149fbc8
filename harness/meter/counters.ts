/** The counters that metering adds to a module: globals, exported under names of their own. */

/**
 * total: one counter of instructions for the whole module. functions: one for each function, so
 * that the cost can be attributed; their sum is the total.
 */
export type MeterMode = "total" | "functions";

/** No module that is metered may export a name that begins so. */
export const counterPrefix = "lpw.meter:";
export const instructionsName = `${counterPrefix}instructions`;
export const bulkBytesName = `${counterPrefix}bulk-bytes`;

/** `index`: of the function, imports first. */
export function functionCounterName(index: number): string {
  return `${functionPrefix}${index}`;
}

const functionPrefix = `${counterPrefix}function:`;

/** What the counters of one instance stand at. */
export interface Counts {
  readonly instructions: number;
  readonly bulkBytes: number;
  /** By function index, those that are not 0; empty where functions are not counted. */
  readonly functions: ReadonlyMap<number, number>;
}

export const noCounts: Counts = { instructions: 0, bulkBytes: 0, functions: new Map() };

/** What has been counted since `before`. */
export function countsSince(now: Counts, before: Counts): Counts {
  return combined(now, before, -1);
}

export function countsTogether(a: Counts, b: Counts): Counts {
  return combined(a, b, 1);
}

function combined(a: Counts, b: Counts, sign: 1 | -1): Counts {
  const functions = new Map(a.functions);
  for (const [index, count] of b.functions) {
    const sum = (functions.get(index) ?? 0) + sign * count;
    if (sum === 0) functions.delete(index);
    else functions.set(index, sum);
  }
  return {
    instructions: a.instructions + sign * b.instructions,
    bulkBytes: a.bulkBytes + sign * b.bulkBytes,
    functions,
  };
}

/** The counters of a metered instance. */
export class Counters {
  readonly #instructions: WebAssembly.Global | undefined;
  readonly #bulkBytes: WebAssembly.Global;
  readonly #functions: readonly { readonly index: number; readonly global: WebAssembly.Global }[];

  /** Throws MeterError for an instance of a module that was not metered. */
  constructor(exports: WebAssembly.Exports) {
    const globals = new Map<string, WebAssembly.Global>();
    for (const [name, value] of Object.entries(exports)) {
      if (name.startsWith(counterPrefix) && value instanceof WebAssembly.Global) {
        globals.set(name, value);
      }
    }
    const bulkBytes = globals.get(bulkBytesName);
    if (bulkBytes === undefined) throw new MeterError("the module is not metered");
    this.#bulkBytes = bulkBytes;
    this.#instructions = globals.get(instructionsName);
    this.#functions = [...globals]
      .filter(([name]) => name.startsWith(functionPrefix))
      .map(([name, global]) => ({ index: Number(name.slice(functionPrefix.length)), global }));
  }

  read(): Counts {
    const functions = new Map<number, number>();
    for (const { index, global } of this.#functions) {
      const count = numberOf(global);
      if (count > 0) functions.set(index, count);
    }
    const sum = [...functions.values()].reduce((total, count) => total + count, 0);
    return {
      instructions: this.#instructions === undefined ? sum : numberOf(this.#instructions),
      bulkBytes: numberOf(this.#bulkBytes),
      functions,
    };
  }

  /** What `work` executes is not counted. */
  pausedFor<Answer>(work: () => Answer): Answer {
    const globals = [this.#bulkBytes, ...this.#functions.map(({ global }) => global)];
    if (this.#instructions !== undefined) globals.push(this.#instructions);
    const before = globals.map((global): unknown => global.value);
    try {
      return work();
    } finally {
      globals.forEach((global, i) => {
        global.value = before[i];
      });
    }
  }
}

/** Exact up to 2^53 instructions, which take months. */
function numberOf(global: WebAssembly.Global): number {
  const value: unknown = global.value;
  if (typeof value === "bigint") return Number(BigInt.asUintN(64, value));
  throw new MeterError("a counter is no i64");
}

/** A module can't be metered, or a metered one does not behave as its plain twin would. */
export class MeterError extends Error {
  override readonly name = "MeterError";
}
