/** The stage `bench`: the times of some subjects, side by side with each other and with peers. */
import { eventText } from "../../bench/event-text.ts";
import type { WrongReply } from "../../bench/protocol.ts";
import { benchStage, type Lineup, type StageOptions } from "../../bench/stage.ts";
import { BenchError } from "../../bench/subject.ts";
import { twinName } from "../../statistics/noise.ts";
import type { Outcome } from "../../suite/case.ts";
import type { BuiltSubject } from "../artifacts.ts";
import type { Cell, PlannedSubject } from "../plan.ts";
import type { Stage, StageContext } from "../run.ts";

const suite = { name: "times" };
const caseId = `${suite.name}/results`;

export interface TimesOptions extends Omit<StageOptions, "signal" | "onEvent"> {
  readonly peers: Lineup["peers"];
  /** What is known of them; asked for when something is timed. */
  readonly facts: () => Promise<Lineup["facts"]>;
}

/** The first of the subjects that could be built is the base. */
export function timesStage(subjects: readonly PlannedSubject[], options: TimesOptions): Stage {
  const title = "Each workload gives its result while it is timed";
  const cells = subjects.map(
    ({ id }): Cell => ({
      subject: id,
      engine: options.engine.name,
      suite,
      cases: [{ id: caseId, title }],
      stage: "bench",
    }),
  );
  return {
    cells,
    run: async (context) => {
      const built = await context.artifacts.builtOf(subjects, context.signal);
      if (built.length === 0) return;
      const begunMs = performance.now();
      const wrong = await context.busy.during(() => timeAll(built, options, context));
      const durationMs = performance.now() - begunMs;
      for (const [index, { subject }] of built.entries()) {
        const cell = cells.find((each) => each.subject === subject.id);
        const mine = wrong.filter((each) => isOf(each, { built, index }));
        if (cell === undefined) continue;
        context.recorder.outcome(cell, caseId, outcomeOf(mine, durationMs));
      }
    },
  };
}

type Wrong = Omit<WrongReply, "kind" | "workload">;

/** Records what is timed; what gave a wrong result, or ended its process. */
async function timeAll(
  built: readonly BuiltSubject[],
  options: TimesOptions,
  { signal, onRecord, onLine }: StageContext,
): Promise<readonly Wrong[]> {
  const wrong: Wrong[] = [];
  const cores = built.map(({ subject, artifact }, index) => ({
    name: subject.id,
    role: index === 0 ? ("base" as const) : ("variant" as const),
    axes: { ...subject.axes },
    wasmPath: artifact.wasmPath,
  }));
  const lineup = { cores, peers: options.peers, facts: await options.facts() };
  try {
    const stage = benchStage(lineup, {
      ...options,
      signal,
      onEvent: (event) => {
        if (event.kind === "wrong") wrong.push(event);
        const line = eventText(event, options.processes);
        if (line !== undefined) onLine(line);
      },
    });
    for await (const record of stage) onRecord(record);
  } catch (error) {
    if (!(error instanceof BenchError)) throw error;
    wrong.push({ message: error.message });
  }
  return wrong;
}

/** A failure of no known subject counts against all; a peer's, against the base. */
function isOf(
  { subject }: Wrong,
  { built, index }: { readonly built: readonly BuiltSubject[]; readonly index: number },
): boolean {
  if (subject === undefined) return true;
  const at = built.findIndex(({ subject: { id } }) => subject === id || subject === twinName(id));
  return index === Math.max(at, 0);
}

function outcomeOf(wrong: readonly Wrong[], durationMs: number): Outcome {
  if (wrong.length === 0) return { state: "pass", durationMs };
  return { state: "fail", durationMs, message: wrong.map(({ message }) => message).join("\n") };
}
