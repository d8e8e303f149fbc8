/** Targets with planted differences: the core has a global `ext`, and the native twin has none. */
import fc from "fast-check";
import type { FuzzTarget } from "../harness/fuzz/target.ts";
import { argumentsTarget } from "../suites/arguments/fuzz-target.ts";

const harmless = fc.constantFrom("a = 1", "b = 2", "local c = { 3 }", "do local d = 4 end");

/** Programs of some lines, the last but one of them seldom the planted one. */
function planted(name: string, line: string): FuzzTarget {
  const lines = fc.array(fc.oneof({ arbitrary: harmless, weight: 40 }, fc.constant(line)), {
    maxLength: 6,
  });
  return {
    name,
    title: name,
    prelude: "answer = 'same'",
    casesPerProgram: 1,
    programs: lines.map((some) => [...some, "return answer"].join("\n")),
  };
}

export const fuzzTargets: readonly FuzzTarget[] = [
  planted("text", "answer = ext and 'ours' or 'theirs'"),
  planted("raises", "if ext then error('planted', 0) end"),
  planted("hangs", "while ext do end"),
  {
    ...argumentsTarget,
    name: "edge",
    prelude: argumentsTarget.prelude.replace(
      "return a & b,",
      "return ext and math.type(a) == 'integer' and a >= 1 << 31 and 1 or a & b,",
    ),
  },
  planted("twin-ends", "if not ext then os.exit(7) end"),
  {
    name: "order",
    title: "order",
    prelude: "",
    casesPerProgram: 1,
    programs: fc.constantFrom(
      "return 'nothing'",
      "seen = true return 'seen'",
      "local was = seen seen = nil return tostring(was and ext ~= nil)",
    ),
  },
];
