/** How the account of the official test files is written down: whole, with cuts, or not run. */

/** A block of a file that is left out. Its ends are found by their text: none cuts blindly. */
export interface Cut {
  /** In the first line that is left out: a text that stands once in the file. */
  readonly from: string;
  /** The last line that is left out: the first line at or after `from` that contains this text. */
  readonly to: string;
  readonly why: string;
  /** One line of Lua in the block's place: the same test at a size that fits. */
  readonly instead?: string;
}

/** What becomes of one file of testes/. */
export type FileAccount =
  | { readonly file: string; readonly run: "whole" }
  | { readonly file: string; readonly run: "cut"; readonly cuts: readonly Cut[] }
  | { readonly file: string; readonly run: "not-run"; readonly reason: string };
