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
    const exclusion = exclusions.find(({ occurs }) =>
      [native, ...others.map(({ answer }) => answer)].some(
        ({ text }) => occurs?.test(text) === true,
      ),
    );
    if (exclusion !== undefined) return { kind: "set-aside", exclusion };
  }
  return sides.length === 0 ? { kind: "same" } : { kind: "differs", sides };
}

/** Nothing is the same as what broke. */
export function isSame(native: Answer, other: Answer): boolean {
  return other.kind !== "broken" && native.kind === other.kind && native.text === other.text;
}
