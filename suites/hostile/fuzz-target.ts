/** The fuzz target `hostile`: mutants of what nobody vouches for, and what must always hold. */
import fc from "fast-check";
import { type Answer, type FuzzSubject, nativeName, type Side } from "../../harness/fuzz/side.ts";
import type { FuzzTarget } from "../../harness/fuzz/target.ts";
import { type Base, basesOf } from "./bases.ts";
import { messageOf, type Verdict } from "./judge.ts";
import { LogJudge } from "./judge-log.ts";
import { StateJudge } from "./judge-state.ts";
import { ValueJudge } from "./judge-value.ts";
import { type Mutant, mutantOf, operations } from "./mutate.ts";

const u32 = fc.nat({ max: 0xffff_ffff });
const operation = fc.oneof(
  { weight: 12, arbitrary: fc.constant("set") },
  ...operations.slice(1).map((name) => ({ weight: 1, arbitrary: fc.constant(name) })),
);
const step = fc.tuple(operation, u32, u32, u32).map((parts) => parts.join(" "));
/** Most often one change alone: more are refused for the first of them. */
const steps = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(step) },
  { weight: 2, arbitrary: fc.array(step, { minLength: 2, maxLength: 4 }) },
);
/** Lines can be left out; another base would be another mutant. */
const recipes = fc.noShrink(
  fc
    .tuple(fc.nat({ max: 999 }), steps)
    .map(([base, lines]) => [`base ${base}`, ...lines].join("\n")),
);

const fine: Answer = { kind: "text", text: "fine" };

export const hostileTarget: FuzzTarget = {
  name: "hostile",
  title: "Changed snapshots, stored values and logs are refused without a trace, or harm nothing",
  prelude: "",
  casesPerProgram: 1,
  programs: recipes,
  sides: {
    reference: "what must hold",
    of: (subjects) => ({ native: ideal, others: subjects.map(mutantSide) }),
  },
};

const ideal: Side = {
  name: nativeName,
  renew: async () => undefined,
  answer: async () => fine,
};

/** Judges mutants of the bases that its own variant makes. */
function mutantSide({ name, module }: FuzzSubject): Side {
  const bases: Promise<readonly Base[]> = basesOf(module);
  // It has seen that each state is as it was before it is used again.
  const state = new StateJudge(module);
  let judges = judgesOf(module, state);
  return {
    name,
    renew: async () => {
      judges = judgesOf(module, state);
      await bases;
    },
    answer: async (recipe) => {
      const mutant = mutantOf(await bases, recipe);
      if (mutant === undefined) return fine;
      const verdict = await judged(judges, mutant);
      if (verdict.kind !== "failed") return { ...fine, tally: verdict.kind };
      const { base, changes } = mutant;
      const text = [verdict.failure, `${base.kind} ${base.name}:`, ...changes].join("\n");
      return { kind: verdict.failure.startsWith("trap") ? "broken" : "text", text };
    },
  };
}

function judgesOf(module: WebAssembly.Module, state: StateJudge) {
  return {
    state,
    value: new ValueJudge(module),
    log: new LogJudge(module),
  };
}

async function judged(judges: ReturnType<typeof judgesOf>, mutant: Mutant): Promise<Verdict> {
  try {
    return await judges[mutant.base.kind].judge(mutant);
  } catch (error) {
    // Nothing that a stranger's bytes lead to may throw.
    return { kind: "failed", failure: `thrown: ${messageOf(error)}` };
  }
}
