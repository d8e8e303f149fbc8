/** What a failure needs to be repeated, kept beside the reports: the record and the very wasm. */
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join, sep } from "node:path";
import type { Artifact } from "../../harness/build/artifact.ts";
import { shellWord } from "../../harness/build/shell-word.ts";
import { keepFile, keeping } from "../../harness/record/kept-file.ts";
import type { OutcomeRecord, ResultRecord, RunRecord } from "../../harness/record/record.ts";
import type { ArtifactSource } from "../../harness/run/context.ts";
import { isFailure } from "../progress/tally.ts";

/**
 * `<directory>/<variant>/`: core.wasm, core.named.wasm, and a file for each case that failed. The
 * folder of the run before stays as `<directory>.previous`.
 */
export class FailureFolder {
  readonly #directory: string;
  readonly #artifacts = new Map<string, Artifact>();
  #run: RunRecord | undefined;

  /** `wasm`: what the run tests, where a file was named. It is never moved away. */
  constructor(directory: string, wasm?: string) {
    this.#directory = directory;
    const previous = `${directory}.previous`;
    const isKeptWasm = [directory, previous].some((folder) => wasm?.startsWith(folder + sep));
    if (isKeptWasm || !existsSync(directory)) return;
    rmSync(previous, { recursive: true, force: true });
    renameSync(directory, previous);
  }

  /** The same source; what it gives is known here from then on. */
  watched(source: ArtifactSource): ArtifactSource {
    return async (subject, hooks) => {
      const result = await source(subject, hooks);
      if (result.ok) this.#artifacts.set(subject.id, result.artifact);
      return result;
    };
  }

  /** Every record of the run, in the moment in which it is known. */
  take(record: ResultRecord): void {
    if (record.kind === "run") this.#run = record;
    if (record.kind === "outcome" && isFailure(record.state)) this.#keep(record);
  }

  #keep(outcome: OutcomeRecord): void {
    const folder = join(this.#directory, folderName(outcome.variant));
    const artifact = this.#artifacts.get(outcome.variant);
    const wasmPath = join(folder, "core.wasm");
    if (artifact !== undefined) keeping(folder, () => keepWasm(folder, artifact));
    const { repro } = outcome;
    const name = `${outcome.engine}-${outcome.case.replaceAll("/", "-")}.json`;
    const kept = { repro: { asItRan: repro, ...ofWasm(repro, wasmPath) }, outcome, run: this.#run };
    keepFile(join(folder, name), `${JSON.stringify(kept, null, 2)}\n`);
  }
}

function keepWasm(folder: string, { wasmPath, namedPath }: Artifact): void {
  const path = join(folder, "core.wasm");
  if (existsSync(path)) return;
  mkdirSync(folder, { recursive: true });
  if (namedPath !== undefined) copyFileSync(namedPath, join(folder, "core.named.wasm"));
  copyFileSync(wasmPath, path);
}

/** Cases that `repro` repeats; a run that had its wasm from a file repeats with it anyhow. */
function ofWasm(repro: string, wasmPath: string): { readonly ofThisWasm?: string } {
  if (!repro.includes(" repro ") || repro.includes(" --wasm ")) return {};
  return { ofThisWasm: `${repro} --wasm ${shellWord(wasmPath)}` };
}

/** The id of a wasm from a file is its name, whatever that is. */
function folderName(variant: string): string {
  return variant.replaceAll(/[^\w.-]+/g, "-").replace(/^[.-]+/, "");
}
