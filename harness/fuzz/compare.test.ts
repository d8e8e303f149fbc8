/** Tests of the verdict on a program: what differs, what is set aside, what is broken. */
import { describe, expect, test } from "vitest";
import { compare } from "./compare.ts";
import type { Answer } from "./side.ts";

const exclusions = [{ what: "memory", why: "a test", occurs: /not enough memory/ }];

function verdictOf(native: Answer, ...others: readonly Answer[]) {
  const named = others.map((answer, index) => ({ side: `side ${index}`, answer }));
  return compare(native, named, exclusions);
}

const text = (content: string): Answer => ({ kind: "text", text: content });
const error = (content: string): Answer => ({ kind: "error", text: content });
const broken = (content: string): Answer => ({ kind: "broken", text: content });

describe("compare", () => {
  test("the same texts, and the same errors, are the same", () => {
    expect(verdictOf(text("a"), text("a"), text("a"))).toEqual({ kind: "same" });
    expect(verdictOf(error("a"), error("a"))).toEqual({ kind: "same" });
  });

  test("names each side that differs, in text or in kind", () => {
    const verdict = verdictOf(text("a"), text("b"), text("a"), error("a"));
    expect(verdict).toEqual({ kind: "differs", sides: ["side 0", "side 2"] });
  });

  test("sets aside what is excluded on any side, equal or not", () => {
    const [exclusion] = exclusions;
    expect(verdictOf(text("a"), error("not enough memory"))).toEqual({
      kind: "set-aside",
      exclusion,
    });
  });

  test("sets aside what is excluded in the first line that differs, and in no other", () => {
    const limits = [{ what: "limits", why: "a test", differsBy: /limit/ }];
    const verdict = (native: string, other: string) =>
      compare(text(native), [{ side: "a", answer: text(other) }], limits).kind;
    expect(verdict("a\nlimit", "a\nb")).toBe("set-aside");
    expect(verdict("a", "a\nlimit")).toBe("set-aside");
    expect(verdict("limit\na", "limit\na")).toBe("same");
    expect(verdict("limit\na", "limit\nb")).toBe("differs");
    expect(verdict("a\nlimit", "b\nlimit")).toBe("differs");
  });

  test("what broke differs from everything, and is never set aside", () => {
    expect(verdictOf(text("a"), broken("not enough memory"))).toMatchObject({ kind: "differs" });
    expect(verdictOf(text("a"), text("not enough memory"), broken("a"))).toMatchObject({
      kind: "differs",
    });
    const ended = broken("ended");
    expect(verdictOf(ended, ended)).toEqual({ kind: "differs", sides: ["native"] });
  });
});
