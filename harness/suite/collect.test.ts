/** Suites with ids that clash or are not well formed are refused. */
import { describe, expect, it } from "vitest";
import type { Case } from "./case.ts";
import { collectSuites, defaultLimitMs, defineCase, SuiteError } from "./collect.ts";

const caseOf = (id: string, title = "a title") => defineCase({ id, title, run: () => undefined });
const suiteOf = (...cases: readonly Case[]) => ({
  name: "one",
  cases,
  spread: "every-variant" as const,
  entry: "file:///one.ts",
});

describe("collectSuites", () => {
  it("takes well-formed suites as they are", () => {
    const suites = [suiteOf(caseOf("one/a"), caseOf("one/b-2"))];
    expect(collectSuites(suites)).toBe(suites);
  });

  it.each<[string, readonly ReturnType<typeof suiteOf>[]]>([
    ["the same id twice", [suiteOf(caseOf("one/a"), caseOf("one/a"))]],
    ["the same suite twice", [suiteOf(), suiteOf()]],
    ["an id of another suite", [suiteOf(caseOf("two/a"))]],
    ["an id without a suite", [suiteOf(caseOf("a"))]],
    ["capitals", [suiteOf(caseOf("one/A"))]],
    ["two dashes", [suiteOf(caseOf("one/a--b"))]],
    ["no title", [suiteOf(caseOf("one/a", ""))]],
    ["a title of two lines", [suiteOf(caseOf("one/a", "x\ny"))]],
  ])("refuses %s", (_name, suites) => {
    expect(() => collectSuites(suites)).toThrow(SuiteError);
  });

  it("gives cases their defaults", () => {
    expect(caseOf("one/a")).toMatchObject({ tier: "standard", limitMs: defaultLimitMs });
    const own = { id: "one/a", title: "t", tier: "smoke", limitMs: 5 } as const;
    expect(defineCase({ ...own, run: () => undefined })).toMatchObject(own);
  });
});
