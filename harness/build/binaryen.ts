/** Runs Binaryen's programs, which come from npm as scripts for Node. */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { BuildContext } from "./build-context.ts";
import { runProgram } from "./program.ts";

export type BinaryenProgram = "wasm-opt" | "wasm-merge" | "wasm-metadce";

const programsFolder = join(
  dirname(createRequire(import.meta.url).resolve("binaryen/package.json")),
  "bin",
);

/** Throws BuildStepError. */
export async function runBinaryen(
  program: BinaryenProgram,
  args: readonly string[],
  { root, signal }: BuildContext,
): Promise<void> {
  const command = [join(programsFolder, program), ...args] as const;
  await runProgram({ name: program, command, root, signal, script: true });
}
