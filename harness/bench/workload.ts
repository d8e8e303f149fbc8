/** What a workload is: one thing timed, with the result that proves that it was done. */

/** What a result is compared by, exactly; an integer of Lua is a number here. */
export type Expected = number | string | boolean;

/** How much of a workload is one execution, and what comes of it. */
export interface Amount {
  /** What the program finds in its local `size`. */
  readonly size: number;
  readonly expected: Expected;
}

/**
 * run-program: one execution compiles and runs the program in a state that is there.
 * start-core: one execution makes an instance of a compiled module and its Lua state; the program
 * runs after the timing, as the check.
 */
export type WorkloadAction = "run-program" | "start-core";

export interface Workload {
  /** The folder's name. */
  readonly name: string;
  readonly category: "interpreter" | "library" | "unwinding" | "host" | "floor";
  /** Why it is timed, in one line. */
  readonly why: string;
  readonly action: WorkloadAction;
  /** What only our cores have; a peer reports `unsupported`. */
  readonly needs?: "external-table";
  readonly smoke: Amount;
  readonly full: Amount;
  /** Executions in one sample, where one is too short for the clock. 1 when absent. */
  readonly repeats?: number;
  /** The Lua program, without the line that gives its size. */
  readonly program: URL;
}

/** A workload at one size, ready to be given to a subject: plain data. */
export interface Job {
  readonly workload: string;
  readonly action: WorkloadAction;
  readonly needs?: "external-table";
  readonly code: string;
  readonly expected: Expected;
  readonly repeats: number;
}

/** The job of a workload; `program` is the text behind `workload.program`. */
export function jobOf(
  workload: Workload,
  { scale, program }: { readonly scale: "smoke" | "full"; readonly program: string },
): Job {
  const { name, action, needs, repeats = 1 } = workload;
  const { size, expected } = workload[scale];
  return {
    workload: name,
    action,
    ...(needs === undefined ? {} : { needs }),
    code: `local size = ${size}\n${program}`,
    expected,
    repeats: scale === "smoke" ? 1 : repeats,
  };
}
