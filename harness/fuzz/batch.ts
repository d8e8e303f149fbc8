/** A batch: programs of one seed, run in turn on fresh states, so that a batch repeats exactly. */
import fc from "fast-check";
import { compare, type Verdict } from "./compare.ts";
import { type Answer, nativeName, type Side, type Sides } from "./side.ts";
import type { FuzzTarget } from "./target.ts";

/** How many programs share a state: few enough that it stays small, enough to pay for it. */
export const programsPerBatch = 100;

export interface BatchPlace {
  readonly seed: number;
  /** From 0 on. */
  readonly batch: number;
}

/** Mixes both into a seed of fast-check: another for each batch of each seed (after murmur3). */
export function batchSeed({ seed, batch }: BatchPlace): number {
  const folded = seed ^ Math.floor(seed / 2 ** 32);
  let mixed = Math.imul(folded ^ Math.imul(batch + 1, 0x9e3779b1), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

export function programsOf(
  target: FuzzTarget,
  place: BatchPlace,
  count: number,
): readonly string[] {
  return fc.sample(target.programs, { seed: batchSeed(place), numRuns: count });
}

export async function renewAll({ native, others }: Sides): Promise<void> {
  await Promise.all([native, ...others].map((side) => side.renew()));
}

export interface Compared {
  readonly native: Answer;
  readonly others: readonly { readonly side: string; readonly answer: Answer }[];
  readonly verdict: Verdict;
}

/** Runs one program on all sides, in the states that they have. */
export async function compareOne(
  target: FuzzTarget,
  { native, others }: Sides,
  program: string,
): Promise<Compared> {
  return await compareWith(target, { native: await native.answer(program), others, program });
}

/**
 * Runs programs in turn, on the twin first: it ends what takes too long, so that a worker is not
 * left behind in a program that no side ends.
 */
export async function compareAll(
  target: FuzzTarget,
  { native, others }: Sides,
  programs: readonly string[],
): Promise<readonly Compared[]> {
  const answers = await Promise.all(programs.map((program) => native.answer(program)));
  const compared: Compared[] = [];
  for (const [index, answer] of answers.entries()) {
    // The rest did not reach the twin.
    if (answer.kind === "broken")
      return [...compared, { native: answer, others: [], verdict: broken }];
    const program = programs[index] ?? "";
    compared.push(await compareWith(target, { native: answer, others, program }));
  }
  return compared;
}

const broken: Verdict = { kind: "differs", sides: [nativeName] };

async function compareWith(
  target: FuzzTarget,
  parts: {
    readonly native: Answer;
    readonly others: readonly Side[];
    readonly program: string;
  },
): Promise<Compared> {
  const { native, others, program } = parts;
  const answers = [];
  for (const side of others) {
    answers.push({ side: side.name, answer: await side.answer(program) });
  }
  return { native, others: answers, verdict: compare(native, answers, target.exclusions ?? []) };
}
