/** A program with its expected log: what the suite `language` runs on each variant. */

export interface LanguageProgram {
  /** The case's name in the suite. */
  readonly name: string;
  readonly title: string;
  /** Lua code that uses what the prelude defines. */
  readonly program: string;
  /**
   * What the native twin's log is; tests/language-goldens.test.ts compares. Both have a
   * newline at each end.
   */
  readonly log: string;
}

/** The chunk that runs a program and returns its log. */
export function chunkOf({ program }: LanguageProgram): string {
  return `return run([==[${program}]==])`;
}

/** The log as `run` returns it. */
export function expectedLog({ log }: LanguageProgram): string {
  return log.slice(1, -1);
}
