/** Tests of plans and shards: nothing twice, nothing left out. */
import { describe, expect, test } from "vitest";
import { inShard, plan } from "./plan.ts";
import { suites } from "./suites.fixture.ts";

const subjects = [
  { id: "one", axes: {} },
  { id: "two", axes: {} },
];

describe("plan", () => {
  test("exhaustive cases are for the full tier alone", () => {
    const ids = (tier: "quick" | "standard" | "full") =>
      plan({ tier, subjects, engines: ["node"], suites }).cells[0]?.cases.map(({ id }) => id);
    expect(ids("standard")).not.toContain("fixture/rare");
    expect(ids("quick")).toEqual(ids("standard"));
    expect(ids("full")).toContain("fixture/rare");
  });

  test("what is chosen leaves no empty cell and no idle subject", () => {
    const chosen = plan({
      tier: "full",
      subjects,
      engines: ["node"],
      suites,
      only: (place) => place.subject === "two" && place.case === "fixture/passes",
    });
    expect(chosen.subjects.map(({ id }) => id)).toEqual(["two"]);
    expect(chosen.cells).toHaveLength(1);
    expect(chosen.cells[0]?.cases).toHaveLength(1);
  });

  test("a suite with representatives runs on these alone", () => {
    const heavy = suites.map((suite) => ({ ...suite, spread: "representatives" as const }));
    const representatives = new Set(["two"]);
    const request = { tier: "standard", subjects, engines: ["node"] } as const;
    const subjectsOf = (chosen: Parameters<typeof plan>[0]) =>
      plan(chosen).cells.map(({ subject }) => subject);
    expect(subjectsOf({ ...request, suites: heavy, representatives })).toEqual(["two"]);
    expect(subjectsOf({ ...request, suites: heavy })).toEqual(["one", "two"]);
    expect(subjectsOf({ ...request, suites, representatives })).toEqual(["one", "two"]);
  });

  test("without suites there is still something to build", () => {
    const builds = plan({ tier: "full", subjects, engines: ["node"], suites: [] });
    expect(builds.subjects).toHaveLength(2);
    expect(builds.cells).toEqual([]);
  });
});

test.each([1, 2, 4, 5, 60])("%i shards cover each compilation once", (count) => {
  const compilations = Array.from({ length: 24 }, (_, number) => number);
  const shards = Array.from({ length: count }, (_, index) =>
    compilations.filter((number) => inShard(number, { index: index + 1, count })),
  );
  expect(shards.flat().toSorted((a, b) => a - b)).toEqual(compilations);
  const sizes = shards.map(({ length }) => length);
  expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
});
