/** What a case is, is given, and came to: the contract between suites and the run. */
import type { Target, Unwind } from "../../runtime/abi/abi.ts";
import type { Core } from "../../runtime/core/core.ts";
import type { CoreOptions } from "../../runtime/core/options.ts";

export type Tier = "smoke" | "standard" | "exhaustive";

/** What a case needs of the engine that it runs in; an engine without it reports `unsupported`. */
export type Need = "fs" | "worker";

/** One thing checked. `id` is stable: "suite/name", lower case, words joined by "-". */
export interface Case {
  readonly id: string;
  /** One line that a person reads in the report. */
  readonly title: string;
  readonly tier: Tier;
  /** The time after which the case is ended and charged with a timeout, in milliseconds. */
  readonly limitMs: number;
  readonly needs?: readonly Need[];
  /** Which variants it is for; all where it is absent. The reason is reported for the others. */
  readonly appliesTo?: (subject: Subject) => true | string;
  /**
   * Resolves when all checks hold, with what it measured, if anything; throws CheckFailure
   * (suite/check.ts) where one doesn't.
   */
  readonly run: (context: CaseContext) => Promise<Figures | void> | Figures | void;
}

/** What a case measured, by camel-case name with its unit last: `heapPeakBytes`, `stackPercent`. */
export type Figures = Readonly<Record<string, number>>;

/** The wasm under test: plain data, the same in every engine. */
export interface Subject {
  readonly id: string;
  readonly wasm: Uint8Array<ArrayBuffer>;
  /** The axes by which it was built; absent when `--wasm` brought a file of unknown origin. */
  readonly axes?: {
    readonly target: Target;
    readonly optimize: string;
    readonly unwind: Unwind;
    readonly post: string;
  };
}

export interface CaseContext {
  readonly subject: Subject;
  /** A fresh core on the subject; the run disposes of it when the case ends. */
  readonly load: (options?: CoreOptions) => Promise<Core>;
  readonly seed: number;
  /**
   * The variants of the quick set, for a suite that has partners: what one variant has made is
   * taken up by another. Empty where `--wasm` brought the wasm.
   */
  readonly partners: () => Promise<readonly Subject[]>;
  /** A file of the provisioned Lua sources, by its path there: "testes/pm.lua". */
  readonly luaFile: (path: string) => Promise<Uint8Array<ArrayBuffer>>;
}

/** What one case did once. Expected failures are values; only harness bugs throw. */
export type Outcome =
  | { readonly state: "pass"; readonly durationMs: number; readonly figures?: Figures }
  | { readonly state: "fail"; readonly message: string; readonly durationMs: number }
  | { readonly state: "crash"; readonly message: string }
  | { readonly state: "timeout"; readonly limitMs: number }
  | { readonly state: "unsupported"; readonly evidence: string }
  | { readonly state: "skipped"; readonly reason: string }
  | { readonly state: "not-run"; readonly reason: string };
