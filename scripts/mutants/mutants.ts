/** Small faults put into a source, one at a time: what the tests have to find. */

import { lineAt } from "../../harness/build/module-imports.ts";
import type { SourceFile } from "../tidy/rules.ts";
import { maskSource } from "./mask-source.ts";

/** One fault: at `offset` of the file `was` stands, and `becomes` is put in its place. */
export interface Mutant {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly offset: number;
  readonly was: string;
  readonly becomes: string;
}

/** A kind of fault: the tokens that it changes, and what each becomes; undefined: it stays. */
interface Fault {
  readonly pattern: RegExp;
  readonly becomes: (token: string) => string | undefined;
}

/** Operators stand between spaces in what biome and zig fmt write; `<` of a type does not. */
const opposites: ReadonlyMap<string, string> = new Map([
  [" === ", " !== "],
  [" !== ", " === "],
  [" == ", " != "],
  [" != ", " == "],
  [" < ", " <= "],
  [" <= ", " < "],
  [" > ", " >= "],
  [" >= ", " > "],
  [" + ", " - "],
  [" - ", " + "],
  [" += ", " -= "],
  [" -= ", " += "],
  [" << ", " >> "],
  [" >>> ", " << "],
  [" && ", " || "],
  [" || ", " && "],
  [" and ", " or "],
  [" or ", " and "],
  ["true", "false"],
  ["false", "true"],
]);

const faults: readonly Fault[] = [
  {
    pattern: / (?:[=!]==?|[<>]=?|[+-]=?|<<|>>>|&&|\|\||and|or) |\b(?:true|false)\b/g,
    becomes: (token) => opposites.get(token),
  },
  // A number that is no part of a name, of a longer number or of a type.
  {
    pattern: /(?<![\w.$@"'])(?:0x[\da-f]+|\d+)(?![\w.]*[\w"'])/g,
    becomes: (token) => String(Number(token) + 1),
  },
  // `(!found)`
  { pattern: /(?<=[( ])!(?=[\w(])/g, becomes: () => "" },
  // A call whose result nobody takes, and a line that leaves: neither happens.
  {
    pattern: /(?<=\n +)(?:try |await |this\.)*[\w.#]+\([^\n]*\);(?=\n)/g,
    becomes: () => "",
  },
  {
    pattern: /(?<=\n +)if \([^\n]*\) (?:return|throw|continue|break|[\w.]+\()[^\n]*;(?=\n)/g,
    becomes: () => "",
  },
];

/** All faults that the source can be given, in the order of the file. */
export function mutantsOf({ path, text }: SourceFile): readonly Mutant[] {
  const code = maskSource(text);
  return faults
    .flatMap(({ pattern, becomes }) =>
      [...code.matchAll(pattern)].flatMap(({ index, 0: token }) => {
        const changed = becomes(token);
        const was = text.slice(index, index + token.length);
        if (changed === undefined || isImport(text, index)) return [];
        return [{ path, line: lineAt(text, index), offset: index, was, becomes: changed }];
      }),
    )
    .sort((a, b) => a.offset - b.offset);
}

/** The text with that one fault. */
export function withFault(text: string, { offset, was, becomes }: Mutant): string {
  return text.slice(0, offset) + becomes + text.slice(offset + was.length);
}

/** The mutated line, for a person: what it was and what it is. */
export function shownFault(text: string, mutant: Mutant): string {
  const lineOf = (source: string): string => source.split("\n")[mutant.line - 1]?.trim() ?? "";
  return `- ${lineOf(text)}\n+ ${lineOf(withFault(text, mutant))}`;
}

function isImport(text: string, offset: number): boolean {
  const begin = text.lastIndexOf("\n", offset) + 1;
  return /^(?:import|export \*|} from)/.test(text.slice(begin, offset + 12));
}
