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
 * What one execution is.
 *
 * - run-program: compiles and runs the program in a state that is there.
 * - call-program: calls `execute`, a global that the program defined before the timing.
 * - take-result: as run-program; what is checked is a digest of all that came back (reading.ts).
 * - persistent-eval, fresh-eval: runs the program `size` times, each time as a text of its own: in
 *   the one state that is there, or each in a state that is made for it.
 * - start-core, compile-core: makes an instance and its Lua state, of a compiled module or of bytes
 *   that the engine never saw; the program runs after the timing, as the check.
 * - snapshot, restore, image, load-image: saves the state that the program made before the timing,
 *   or brings it back; `execute` is called after the timing, as the check.
 */
export type WorkloadAction =
  | "run-program"
  | "call-program"
  | "take-result"
  | "persistent-eval"
  | "fresh-eval"
  | "start-core"
  | "compile-core"
  | "snapshot"
  | "restore"
  | "image"
  | "load-image";

export type WorkloadCategory =
  | "interpreter"
  | "library"
  | "unwinding"
  | "memory"
  | "host"
  | "state"
  | "floor";

/** What calls the function that a program defined: `call-program`, checks of saved states. */
export const executeCode = "return execute()";

export interface Workload {
  /** Stands in tables and records; the folder's name, where no other workload shares it. */
  readonly name: string;
  readonly category: WorkloadCategory;
  /** Why it is timed, in one line. */
  readonly why: string;
  /** One of the classic programs, by whose geometric mean we compare ourselves with peers. */
  readonly classic: boolean;
  readonly action: WorkloadAction;
  /** What only our cores have; a peer reports `unsupported`. */
  readonly needs?: "external-table";
  readonly smoke: Amount;
  readonly full: Amount;
  /** Executions in one sample, where one is too short for the clock. 1 when absent. */
  readonly repeats?: number;
  /** One execution takes seconds. Its exact cost is not taken: shorter ones say as much. */
  readonly isLong?: true;
  /** The Lua program, without the line that gives its size. */
  readonly program: URL;
}

/** A workload at one size, ready to be given to a subject: plain data. */
export interface Job {
  readonly workload: string;
  readonly action: WorkloadAction;
  readonly needs?: "external-table";
  readonly code: string;
  /** What stands in the code's first line. */
  readonly size: number;
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
    size,
    expected,
    repeats: scale === "smoke" ? 1 : repeats,
  };
}
