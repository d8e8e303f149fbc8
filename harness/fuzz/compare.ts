/** Compares the answers of all sides to one program. */
import { type Answer, nativeName } from "./side.ts";
import type { Exclusion } from "./target.ts";

export interface NamedAnswer {
  readonly side: string;
  readonly answer: Answer;
}

export type Verdict =
  | { readonly kind: "same" }
  | { readonly kind: "set-aside"; readonly exclusion: Exclusion }
  /** The sides that differ from the native twin. */
  | { readonly kind: "differs"; readonly sides: readonly string[] };

/** A side that broke differs, whatever is excluded. */
export function compare(
  native: Answer,
  others: readonly NamedAnswer[],
  exclusions: readonly Exclusion[],
): Verdict {
  const sides = others.flatMap(({ side, answer }) => (isSame(native, answer) ? [] : [side]));
  if (native.kind === "broken") return { kind: "differs", sides: [nativeName] };
  const broken = others.some(({ answer }) => answer.kind === "broken");
  if (!broken) {
    const answers = [native, ...others.map(({ answer }) => answer)];
    const lines = others.flatMap(({ answer }) => firstDifference(native.text, answer.text));
    const exclusion = exclusions.find(
      ({ occurs, differsBy }) =>
        answers.some(({ text }) => occurs?.test(text) === true) ||
        lines.some((line) => differsBy?.test(line) === true),
    );
    if (exclusion !== undefined) return { kind: "set-aside", exclusion };
  }
  return sides.length === 0 ? { kind: "same" } : { kind: "differs", sides };
}

/** The first line that is not the same, as each has it. */
function firstDifference(text: string, other: string): readonly string[] {
  if (text === other) return [];
  const [lines, others] = [text.split("\n"), other.split("\n")];
  const place = lines.findIndex((line, index) => line !== others[index]);
  return [lines[place] ?? "", others[place < 0 ? lines.length : place] ?? ""];
}

/** Nothing is the same as what broke. */
function isSame(native: Answer, other: Answer): boolean {
  return other.kind !== "broken" && native.kind === other.kind && native.text === other.text;
}
