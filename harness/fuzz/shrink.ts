/** From a finding as it was made to the least that still shows it, each try on fresh states. */
import fc from "fast-check";
import { type BatchPlace, batchSeed } from "./batch.ts";
import { compare, type Verdict } from "./compare.ts";
import type { Finding } from "./finding.ts";
import { type Answer, type Side, SideError, type Sides } from "./side.ts";
import { smallestSublist } from "./sublist.ts";
import type { FuzzTarget } from "./target.ts";

/** How long one finding may be worked on. */
const shrinkLimitMs = 20_000;

export interface ShrinkOptions {
  readonly target: FuzzTarget;
  readonly sides: Sides;
  /** As it was found: one program, raw. */
  readonly finding: Finding;
  /** The programs of its batch up to it and with it. */
  readonly history: readonly string[];
  readonly nowMs: () => number;
}

/** Shrinks a finding; one that shows nothing on fresh states comes back raw. */
export async function shrink(options: ShrinkOptions): Promise<Finding> {
  const { finding, history } = options;
  const trial = new Trial(options);
  const program = history.at(-1) ?? "";
  if (await trial.differs([program])) {
    const found = await smallestGenerated(options, trial);
    const path = found?.path ?? finding.path;
    const lines = (found?.program ?? program).split("\n");
    const smallest = await smallestSublist(lines, (some) => trial.differs([some.join("\n")]));
    return await trial.told([smallest.join("\n")], { state: "shrunk", path });
  }
  if (history.length > 1 && (await trial.differs(history))) {
    const programs = await smallestSublist(history, (some) => trial.differs(some));
    return await trial.told(programs, { state: "order", path: finding.path });
  }
  return finding;
}

/** What fast-check's own shrinking comes to; it knows how the program was made. */
async function smallestGenerated(
  { target, finding }: ShrinkOptions,
  trial: Trial,
): Promise<{ readonly program: string; readonly path: string } | undefined> {
  const property = fc.asyncProperty(target.programs, async (program) => {
    return (await trial.differs([program])) !== true;
  });
  const { counterexample, counterexamplePath } = await fc.check(property, {
    seed: batchSeed(finding satisfies BatchPlace),
    path: finding.path,
    numRuns: 1,
    interruptAfterTimeLimit: trial.leftMs,
  });
  const [program] = counterexample ?? [];
  if (program === undefined) return undefined;
  return { program, path: counterexamplePath ?? finding.path };
}

/** Tries programs on the twin and on the one side that differs, until the time is up. */
class Trial {
  readonly #options: ShrinkOptions;
  readonly #other: Side;
  readonly #endMs: number;

  constructor(options: ShrinkOptions) {
    const { sides, finding } = options;
    const other = sides.others.find(({ name }) => finding.sides.includes(name));
    if (other === undefined) throw new SideError(`no side is named ${finding.sides.join(", ")}`);
    this.#options = options;
    this.#other = other;
    this.#endMs = options.nowMs() + shrinkLimitMs;
  }

  get leftMs(): number {
    return Math.max(1, this.#endMs - this.#options.nowMs());
  }

  /** Whether the last of the programs differs; undefined when the time is up. */
  async differs(programs: readonly string[]): Promise<boolean | undefined> {
    if (this.#options.nowMs() >= this.#endMs) return undefined;
    const { finding } = this.#options;
    const { native, other, verdict } = await this.#run(programs);
    // A smaller program may differ otherwise: that would be another finding.
    const isAlike = native.kind === finding.native.kind && other.kind === finding.other.kind;
    return verdict.kind === "differs" && isAlike;
  }

  async told(
    programs: readonly string[],
    { state, path }: Pick<Finding, "state" | "path">,
  ): Promise<Finding> {
    const { finding } = this.#options;
    const [first = "", ...rest] = programs;
    const { native, other } = await this.#run(programs);
    return { ...finding, state, path, programs: [first, ...rest], native, other };
  }

  async #run(programs: readonly string[]): Promise<{
    readonly native: Answer;
    readonly other: Answer;
    readonly verdict: Verdict;
  }> {
    const { target, sides } = this.#options;
    await Promise.all([sides.native.renew(), this.#other.renew()]);
    let native: Answer = { kind: "text", text: "" };
    let other: Answer = native;
    for (const program of programs) {
      native = await sides.native.answer(program);
      other = await this.#other.answer(program);
    }
    const answers = [{ side: this.#other.name, answer: other }];
    return { native, other, verdict: compare(native, answers, target.exclusions ?? []) };
  }
}
