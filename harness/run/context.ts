/** What a run is given: the plan, where artifacts come from, the engines, and who listens. */
import type { Artifact } from "../build/artifact.ts";
import type { Engine, Probe } from "../engine/engine.ts";
import type { SourceIndex } from "../ledger/sources.ts";
import type { ResultRecord } from "../record/record.ts";
import type { Suite } from "../suite/suite.ts";
import type { BusyClock } from "./busy-clock.ts";
import type { RunEvent } from "./event.ts";
import type { OutcomeCache } from "./outcome-cache.ts";
import type { Plan, PlannedSubject } from "./plan.ts";

/** Where an artifact comes from: a build, or a file that is there already. */
export type ArtifactSource = (
  subject: PlannedSubject,
  hooks: { readonly onStep: (step: string) => void; readonly signal: AbortSignal },
) => Promise<ArtifactResult>;

export type ArtifactResult =
  | { readonly ok: true; readonly artifact: Artifact; readonly cached: boolean }
  | { readonly ok: false; readonly message: string };

/** An engine that was asked for, and what its probe said. */
export interface ProbedEngine {
  readonly engine: Engine;
  readonly probe: Probe;
}

export interface RunContext {
  readonly plan: Plan;
  readonly engines: ReadonlyMap<string, ProbedEngine>;
  readonly artifactOf: ArtifactSource;
  /** What cases of suites with partners are given besides their own; none where it is absent. */
  readonly partners?: readonly PlannedSubject[];
  readonly readWasm: (path: string) => Promise<Uint8Array>;
  /** Which source file a function comes from; read once. */
  readonly sourceIndex: () => Promise<SourceIndex>;
  /** The folder of the provisioned Lua sources, for cases that read them. */
  readonly luaPath: string;
  /** The module that workers take the cases from. */
  readonly suitesUrl: string;
  /** The hash of the import closure of a suite. */
  readonly closureOf: (suite: Suite) => Promise<string>;
  /** Outcomes of earlier runs are taken from it, and those of this run written to it. */
  readonly cache: OutcomeCache;
  /** Take no outcome from the cache. */
  readonly force: boolean;
  readonly seed: number;
  /** How many builds and cells run side by side. */
  readonly jobs: number;
  readonly signal: AbortSignal;
  /** Told of all that is at work but the harness itself. */
  readonly busy: BusyClock;
  readonly onRecord: (record: ResultRecord) => void;
  readonly onEvent: (event: RunEvent) => void;
  /** A line that tells whoever watches how far it is. */
  readonly onLine: (text: string) => void;
}
