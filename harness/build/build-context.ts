/** What a build is given, and what comes of it. */

import type { Variant } from "../variant/variant.ts";
import type { Artifact } from "./artifact.ts";
import type { Tools } from "./provision/provision.ts";

export interface BuildContext {
  /** The project's folder. */
  readonly root: string;
  readonly tools: Tools;
  /** Builds even what the cache holds. */
  readonly force?: boolean;
  readonly signal?: AbortSignal;
  /** Told of each step as it begins: "compile", "merge", … */
  readonly onStep?: (variant: Variant, step: string) => void;
  /** Told what a person should know though the build goes on: a damaged cache entry, for one. */
  readonly onNotice?: (variant: Variant, notice: string) => void;
}

export type BuildResult =
  | { readonly ok: true; readonly artifact: Artifact; readonly cached: boolean }
  | {
      readonly ok: false;
      /** The first compiler error, one paragraph. */
      readonly message: string;
      /** All that the tool said. */
      readonly log: string;
      /** The command that repeats it. */
      readonly repro: string;
    };

/** One step failed on account of what it was given; `build` answers with it as a value. */
export class BuildStepError extends Error {
  override readonly name = "BuildStepError";
  readonly log: string;

  constructor(message: string, options: ErrorOptions & { readonly log?: string } = {}) {
    super(message, options);
    this.log = options.log ?? message;
  }
}
