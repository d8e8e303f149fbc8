/** The artifacts of a run: each is made once, for whoever asks for it first. */
import type { Artifact } from "../build/artifact.ts";
import type { ArtifactResult, RunContext } from "./context.ts";
import type { PlannedSubject } from "./plan.ts";

/** A partner's artifact, or why there are none. */
export type PartnersResult =
  | { readonly ok: true; readonly partners: readonly BuiltSubject[] }
  | { readonly ok: false; readonly message: string };

export interface BuiltSubject {
  readonly subject: PlannedSubject;
  readonly artifact: Artifact;
}

export class Artifacts {
  readonly #context: RunContext;
  readonly #results = new Map<string, Promise<ArtifactResult>>();

  constructor(context: RunContext) {
    this.#context = context;
  }

  async of(subject: PlannedSubject, signal: AbortSignal): Promise<ArtifactResult> {
    const known = this.#results.get(subject.id);
    if (known !== undefined) return await known;
    const onStep = (step: string): void =>
      this.#context.onEvent({ kind: "build-step", subject: subject.id, step });
    const { artifactOf, busy } = this.#context;
    const result = busy.during(() => artifactOf(subject, { onStep, signal }));
    this.#results.set(subject.id, result);
    return await result;
  }

  /** Those of the subjects that could be built, in their order. */
  async builtOf(
    subjects: readonly PlannedSubject[],
    signal: AbortSignal,
  ): Promise<readonly BuiltSubject[]> {
    const built: BuiltSubject[] = [];
    for (const subject of subjects) {
      const result = await this.of(subject, signal);
      if (result.ok) built.push({ subject, artifact: result.artifact });
    }
    return built;
  }

  /** The run's partners; those that nobody has built are built. */
  async partners(signal: AbortSignal): Promise<PartnersResult> {
    const { partners = [] } = this.#context;
    const built = await this.builtOf(partners, signal);
    const missing = partners.find(({ id }) => built.every(({ subject }) => subject.id !== id));
    if (missing === undefined) return { ok: true, partners: built };
    return { ok: false, message: `the build of ${missing.id} failed` };
  }
}
