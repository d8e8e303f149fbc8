/** The artifacts of a run: each is made once, for whoever asks for it first. */
import type { Artifact } from "../build/artifact.ts";
import type { ArtifactResult, RunContext } from "./context.ts";
import type { PlannedSubject } from "./plan.ts";

/** A partner's artifact, or why there are none. */
export type PartnersResult =
  | { readonly ok: true; readonly partners: readonly Partner[] }
  | { readonly ok: false; readonly message: string };

export interface Partner {
  readonly subject: PlannedSubject;
  readonly artifact: Artifact;
}

export class Builds {
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

  /** The run's partners; those that nobody has built are built. */
  async partners(signal: AbortSignal): Promise<PartnersResult> {
    const partners: Partner[] = [];
    for (const subject of this.#context.partners ?? []) {
      const result = await this.of(subject, signal);
      if (!result.ok) return { ok: false, message: `the build of ${subject.id} failed` };
      partners.push({ subject, artifact: result.artifact });
    }
    return { ok: true, partners };
  }
}
