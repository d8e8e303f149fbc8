/** What is fuzzed: programs that must give one text on all sides of a comparison. */
import type { Arbitrary } from "fast-check";
import type { FuzzSubject, Sides } from "./side.ts";

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
  /** Where it is absent, each subject is a side, and all are compared with the native twin. */
  readonly sides?: SidesOfTarget;
  /** Cores load text alone, as they do by default; else bytecode too, as the twin does. */
  readonly loadsText?: true;
  /** What is not compared, each with its reason; none where it is absent. */
  readonly exclusions?: readonly Exclusion[];
}

/** Sides of the target's own making. */
export interface SidesOfTarget {
  /** What the first of them, which the others are compared with, is called where it is shown. */
  readonly reference: string;
  readonly of: (subjects: readonly FuzzSubject[]) => Sides;
  /** A program that differs behind others is run alone, in fresh states: that counts. */
  readonly judgesAlone?: true;
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
  /** The same, when it occurs in the first line that differs, on either side. */
  readonly differsBy?: RegExp;
}
