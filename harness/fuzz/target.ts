/** What is fuzzed: programs that must give one text on every subject and on the native twin. */
import type { Arbitrary } from "fast-check";

export interface FuzzTarget {
  /** As --suite names it. */
  readonly name: string;
  readonly title: string;
  /** Lua code run once in each fresh state before any program; defines what the programs use. */
  readonly prelude: string;
  /** How many cases (towards --runs) one program holds. */
  readonly casesPerProgram: number;
  /** A Lua chunk that returns one string. */
  readonly programs: Arbitrary<string>;
  /** What is not compared, each with its reason; none where it is absent. */
  readonly exclusions?: readonly Exclusion[];
}

/** Something that may differ between a subject and the native twin without being a fault. */
export interface Exclusion {
  readonly what: string;
  readonly why: string;
  /**
   * A program is set aside, and counted, when this occurs in the text of any side. Absent: the
   * programs are made so that it does not come up.
   */
  readonly occurs?: RegExp;
}
