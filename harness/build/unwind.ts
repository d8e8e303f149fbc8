/** Joins the core with the unwind module, so that Lua's errors are WebAssembly exceptions. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import loadWabt from "wabt";
import { readModule } from "../wasm/module.ts";
import { runBinaryen } from "./binaryen.ts";
import type { BuildContext } from "./build-context.ts";

/** What the two modules export for each other alone; the host must see none of it. */
const mergeExports: ReadonlySet<string> = new Set([
  "lua_try",
  "lua_throw",
  "__stack_pointer",
  "__indirect_function_table",
]);

/** What Binaryen must allow in a module of each form. */
export const exceptionFeatures = {
  js: [],
  eh: ["--enable-exception-handling"],
  exnref: ["--enable-exception-handling", "--enable-reference-types"],
} as const;

/** As literals: the key of a build is of all files that its steps name (build-key.ts). */
const unwindModules = {
  eh: new URL("./unwind-eh.wat", import.meta.url),
  exnref: new URL("./unwind-exnref.wat", import.meta.url),
} as const;

/** Writes `merged.wasm` into `folder` and returns its path. Throws BuildStepError. */
export async function mergeUnwind(
  corePath: string,
  folder: string,
  { unwind, context }: { readonly unwind: "eh" | "exnref"; readonly context: BuildContext },
): Promise<string> {
  const features = exceptionFeatures[unwind];
  const unwindPath = join(folder, "unwind.wasm");
  await writeFile(unwindPath, await assembleUnwind(unwind));
  const joinedPath = join(folder, "joined.wasm");
  await runBinaryen(
    "wasm-merge",
    [corePath, "core", unwindPath, "unwind", ...features, "-g", "-o", joinedPath],
    context,
  );
  const graphPath = join(folder, "exports.json");
  await writeFile(graphPath, exportGraph(await readFile(joinedPath)));
  const mergedPath = join(folder, "merged.wasm");
  await runBinaryen(
    "wasm-metadce",
    [joinedPath, "--graph-file", graphPath, ...features, "-g", "-o", mergedPath],
    context,
  );
  return mergedPath;
}

/** The wasm of unwind-eh.wat or unwind-exnref.wat, with names. */
export async function assembleUnwind(unwind: "eh" | "exnref"): Promise<Uint8Array<ArrayBuffer>> {
  const wabt = await loadWabt();
  const features = { exceptions: true, mutable_globals: true, reference_types: true };
  const source = await readFile(unwindModules[unwind], "utf8");
  const module = wabt.parseWat(`unwind-${unwind}.wat`, source, features);
  try {
    module.resolveNames();
    module.validate();
    return new Uint8Array(module.toBinary({ write_debug_names: true }).buffer);
  } finally {
    module.destroy();
  }
}

/** For wasm-metadce: every export is a root, but those that only served the merge are not there. */
function exportGraph(joined: Uint8Array): string {
  const kept = readModule(joined).exports.filter(({ name }) => !mergeExports.has(name));
  return JSON.stringify(
    kept.map(({ name }) => ({ name: `export-${name}`, root: true, export: name })),
  );
}
