/** What set-up is given: where it works, the environment it may look at, and whom it tells. */

import { join } from "node:path";
import type { Exclusive } from "./exclusively.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

export interface ProvisionContext {
  /** The project's folder; set-up writes to its `.tools/` and `.cache/` alone. */
  readonly root: string;
  readonly environment: Environment;
  /** One line of progress for a person. */
  readonly progress: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** What is told while another command fetches or makes the same. */
export function waiting(path: string, { progress, signal }: ProvisionContext): Exclusive {
  return { onWait: () => progress(`waiting for another command that makes ${path} …`), signal };
}

export function toolsFolder(root: string): string {
  return join(root, ".tools");
}

/** Zig's caches lie in the project, so that nothing depends on HOME and CI can keep them. */
export function zigCacheEnvironment(root: string): Readonly<Record<string, string>> {
  return {
    ZIG_GLOBAL_CACHE_DIR: join(root, ".cache", "zig-global"),
    ZIG_LOCAL_CACHE_DIR: join(root, ".cache", "zig"),
  };
}
