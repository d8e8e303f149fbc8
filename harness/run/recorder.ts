/** Turns what happens into records and events, and sees to it that each case is recorded once. */
import { assertNever } from "../../runtime/check/assert-never.ts";
import { npmRun } from "../build/shell-word.ts";
import type { BuildRecord, OutcomeRecord } from "../record/record.ts";
import type { Outcome } from "../suite/case.ts";
import type { ArtifactResult, RunContext } from "./context.ts";
import type { CellName } from "./event.ts";
import { type Cell, defaultSeed, type PlannedSubject, placeId } from "./plan.ts";

/** A case was recorded twice, or was not planned: a fault of the harness. */
export class RecorderError extends Error {
  override readonly name = "RecorderError";
}

export class Recorder {
  readonly #context: RunContext;
  readonly #subjects: ReadonlyMap<string, PlannedSubject>;
  /** Planned cases that have no outcome yet, by their place. */
  readonly #open = new Map<string, { readonly cell: Cell; readonly case: Cell["cases"][number] }>();

  constructor(context: RunContext, cells: readonly Cell[]) {
    this.#context = context;
    this.#subjects = new Map(context.plan.subjects.map((subject) => [subject.id, subject]));
    for (const cell of cells) {
      for (const each of cell.cases) this.#open.set(placeOf(cell, each.id), { cell, case: each });
    }
  }

  build(subject: PlannedSubject, result: ArtifactResult): void {
    const place = { variant: subject.id, axes: { ...subject.axes } };
    const repro =
      subject.file === undefined
        ? npmRun("build", [subject.id, "--force"])
        : npmRun("matrix", ["--wasm", subject.file]);
    const record: BuildRecord = result.ok
      ? {
          kind: "build",
          ...place,
          state: result.cached ? "cached" : "built",
          steps: result.artifact.steps.map(({ name, durationMs }) => ({ name, durationMs })),
          sha256: result.artifact.sha256,
          repro,
        }
      : { kind: "build", ...place, state: "failed", steps: [], message: result.message, repro };
    this.#context.onRecord(record);
    this.#context.onEvent({ kind: "build-finished", subject: subject.id, record });
  }

  outcome(cell: Cell, caseId: string, outcome: Outcome, reused = false): void {
    const place = placeOf(cell, caseId);
    const planned = this.#open.get(place);
    if (planned === undefined) throw new RecorderError(`${place} has no outcome to come`);
    this.#open.delete(place);
    const probe = this.#context.engines.get(cell.engine)?.probe;
    const record: OutcomeRecord = {
      kind: "outcome",
      variant: cell.subject,
      axes: { ...this.#subjects.get(cell.subject)?.axes },
      engine: cell.engine,
      engineVersion: probe?.state === "available" ? probe.version : "",
      suite: cell.suite.name,
      case: caseId,
      title: planned.case.title,
      repro: this.#reproOf(cell, place),
      reused,
      ...outcomeFields(outcome),
    };
    this.#context.onRecord(record);
    this.#context.onEvent({ kind: "outcome", cell: cellName(cell), record });
  }

  /** What is not the default is part of the command. */
  #reproOf({ subject, stage }: Cell, place: string): string {
    const { seed } = this.#context;
    const file = this.#subjects.get(subject)?.file;
    if (stage !== undefined) {
      const chosen = file === undefined ? ["--filter", subject] : ["--wasm", file];
      return npmRun("matrix", ["--stage", stage, ...chosen]);
    }
    return npmRun("matrix", [
      ...["repro", place],
      ...(file === undefined ? [] : ["--wasm", file]),
      ...(seed === defaultSeed ? [] : ["--seed", String(seed)]),
    ]);
  }

  /** Gives the outcome to all cases of the cell that have none yet. */
  settle(cell: Cell, outcome: Outcome): void {
    for (const { id } of cell.cases) {
      if (this.#open.has(placeOf(cell, id))) this.outcome(cell, id, outcome);
    }
  }

  /** Gives the outcome to all cases of the subject that have none yet. */
  settleSubject(subject: string, outcome: Outcome): void {
    for (const { cell, case: each } of [...this.#open.values()]) {
      if (cell.subject === subject) this.outcome(cell, each.id, outcome);
    }
  }

  /** Gives the outcome to all that is still open. */
  settleAll(outcome: Outcome): void {
    for (const { cell, case: each } of [...this.#open.values()]) {
      this.outcome(cell, each.id, outcome);
    }
  }
}

export function cellName(cell: Cell): CellName {
  return { subject: cell.subject, engine: cell.engine, suite: cell.suite.name };
}

function placeOf(cell: Cell, caseId: string): string {
  return placeId({ subject: cell.subject, engine: cell.engine, case: caseId });
}

type OutcomeFields = Pick<OutcomeRecord, "state" | "durationMs" | "message" | "figures">;

function outcomeFields(outcome: Outcome): OutcomeFields {
  const { state } = outcome;
  switch (state) {
    case "pass":
      return {
        state,
        durationMs: outcome.durationMs,
        ...(outcome.figures === undefined ? {} : { figures: outcome.figures }),
      };
    case "fail":
      return { state, durationMs: outcome.durationMs, message: outcome.message };
    case "crash":
      return { state, message: outcome.message };
    case "timeout":
      return { state, message: `not done after ${outcome.limitMs} ms` };
    case "unsupported":
      return { state, message: outcome.evidence };
    case "skipped":
    case "not-run":
      return { state, message: outcome.reason };
    default:
      return assertNever(outcome);
  }
}
