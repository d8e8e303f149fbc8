/** A whole program of the target: a program of the language that pauses, with all that is saved. */
import fc from "fast-check";
import type { Code } from "../../language/grammar/grammar.ts";
import { list, mostly } from "../../language/grammar/grammar.ts";
import { variables } from "../../language/grammar/program.ts";
import { statements } from "../../language/grammar/statements.ts";
import { suspension } from "./suspension.ts";
import { valueGraph } from "./value-graph.ts";

/** Where a program is saved: few pauses, early ones more often, since many programs are short. */
const pauses = fc.uniqueArray(
  fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 120 })),
  { minLength: 1, maxLength: 3 },
);

const body: Code = list(mostly(1, suspension, statements(2), valueGraph), {
  min: 1,
  max: 7,
  joint: "\n",
});

export const programs: Code = fc
  .tuple(pauses, variables, body)
  .map(
    ([places, first, rest]) =>
      `return begin({${places.join(", ")}}, [==[\n${first}\n${rest}\n]==])`,
  );
