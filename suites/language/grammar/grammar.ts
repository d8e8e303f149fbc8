/** How the grammar is written down: Lua text with holes, choices, and rules that go so deep. */
import fc, { type Arbitrary } from "fast-check";

/** Lua code, or a part of it. */
export type Code = Arbitrary<string>;

/** A template of Lua text; each hole is filled by its rule. */
export function lua(texts: TemplateStringsArray, ...holes: readonly Code[]): Code {
  const [first = "", ...rest] = texts;
  return fc
    .tuple(...holes)
    .map((filled) => first + filled.map((text, place) => text + (rest[place] ?? "")).join(""));
}

/** One of the texts, the first where a program is made smaller. */
export function words(text: string): Code {
  return fc.constantFrom(...text.split(" "));
}

export function word(...texts: readonly string[]): Code {
  return fc.constantFrom(...texts);
}

/** One of the rules; a smaller program has the first of them. */
export function oneOf(...rules: readonly Code[]): Code {
  return fc.oneof({ withCrossShrink: true }, ...rules);
}

/** As `oneOf`, the first so many times as often as all others together. */
export function mostly(times: number, usual: Code, ...others: readonly Code[]): Code {
  return fc.oneof(
    { withCrossShrink: true },
    { arbitrary: usual, weight: times * others.length },
    ...others.map((arbitrary) => ({ arbitrary, weight: 1 })),
  );
}

/** From `min` to `max` of a rule, joined. */
export function list(
  rule: Code,
  { min, max, joint }: { readonly min: number; readonly max: number; readonly joint: string },
): Code {
  return fc
    .array(rule, { minLength: min, maxLength: max, size: "max" })
    .map((texts) => texts.join(joint));
}

/** A rule for each depth, made when it is first needed: rules refer to each other through it. */
export function byDepth(make: (depth: number) => Code): (depth: number) => Code {
  const made = new Map<number, Code>();
  return (depth) => {
    const rule = made.get(depth) ?? make(depth);
    made.set(depth, rule);
    return rule;
  };
}

/** A Lua string literal of any bytes, one character each. */
export function quoted(bytes: string): string {
  const inside = bytes.replace(/["\\]|[^ -~]/g, (character) => {
    return `\\${character.charCodeAt(0).toString().padStart(3, "0")}`;
  });
  return `"${inside}"`;
}
