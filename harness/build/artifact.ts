/** What a build makes: one variant's wasm, its named twin, and the facts measured with it. */
import type { Manifest } from "../../runtime/abi/manifest.ts";

/** Sizes of the shipped wasm in bytes: as it is, gzip -9, brotli 11. */
export interface ArtifactSizes {
  readonly raw: number;
  readonly gzip: number;
  readonly brotli: number;
}

/** How long one step of the build took, in milliseconds. */
export interface BuildStep {
  readonly name: string;
  readonly durationMs: number;
}

/** One built wasm. Written as `artifact.json` beside the two wasm files, in the cache. */
export interface Artifact {
  /** The variant's id, or the file's name when `--wasm` brought it. */
  readonly id: string;
  /** The shipped wasm: no names, no debug information. */
  readonly wasmPath: string;
  /** The same code with its name section: for attribution only; absent for a file of `--wasm`. */
  readonly namedPath?: string;
  /** Lower-case hexadecimal SHA-256 of the shipped wasm. */
  readonly sha256: string;
  readonly sizes: ArtifactSizes;
  /** What the wasm says of itself. */
  readonly manifest: Manifest;
  readonly steps: readonly BuildStep[];
}
