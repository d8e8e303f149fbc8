/** What filters select, and how they refuse what they don't know. */
import { describe, expect, test } from "vitest";
import { FilterError, parseFilter } from "./filter.ts";
import { allVariants } from "./list.ts";

function selected(filter: string): readonly string[] {
  return allVariants()
    .filter(parseFilter(filter))
    .map(({ id }) => id);
}

describe("parseFilter", () => {
  test("joins terms by and, values by or", () => {
    expect(selected("optimize=ReleaseSmall,unwind=js|eh,target=wasi,post=none|opt")).toEqual([
      "wasi-small-js-none",
      "wasi-small-js-opt",
      "wasi-small-eh-none",
      "wasi-small-eh-opt",
    ]);
    const optimized = allVariants().filter(({ post }) => post === "opt");
    expect(selected("post=opt")).toEqual(optimized.map(({ id }) => id));
    expect(selected("unwind=js,unwind=eh")).toEqual([]);
  });

  test("reads values in any case, as ids write them, and with spaces", () => {
    const strict = selected("optimize=ReleaseSmall");
    expect(strict.length).toBeGreaterThan(0);
    expect(selected("optimize=releasesmall")).toEqual(strict);
    expect(selected(" Optimize = SMALL ")).toEqual(strict);
  });

  test("takes ids", () => {
    expect(selected("wasi-fast-eh-opt")).toEqual(["wasi-fast-eh-opt"]);
    expect(selected("wasi-fast-eh-opt|freestanding-debug-js-none")).toHaveLength(2);
    expect(selected("WASI-fast-eh-opt,post=none")).toEqual([]);
  });

  test.each([
    ["speed=fast", /unknown axis "speed": the axes are target, optimize, unwind, post$/],
    ["optimize=tiny", /unknown value "tiny" of axis optimize: .*Debug, ReleaseSafe/],
    ["optimize=", /unknown value "" of axis optimize/],
    ["unwind=js|", /unknown value "" of axis unwind: the values are js, eh, exnref$/],
    ["target=small", /unknown value "small" of axis target/],
    ["freestanding-tiny-js-opt", /"freestanding-tiny-js-opt" is no variant.*wasi-small-exnref-opt/],
    ["", /empty term/],
    ["post=opt,", /empty term/],
  ])("refuses %j and says what there is", (filter, message) => {
    expect(() => parseFilter(filter)).toThrow(FilterError);
    expect(() => parseFilter(filter)).toThrow(message);
  });
});
