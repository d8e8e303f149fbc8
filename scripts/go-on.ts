/** Saves a running Lua program; another process goes on with it, on any wasm of ours. */
import { readFileSync, writeFileSync } from "node:fs";
import { loadCore } from "../runtime/index.ts";

const usage = `Usage:
  node scripts/go-on.ts save CORE.wasm PROGRAM.lua SNAPSHOT    runs the program, go_on(), saves
  node scripts/go-on.ts restore CORE.wasm SNAPSHOT             go_on() where it was
Programs: lua/examples/persistence/*.lua; a wasm: npm run build -- freestanding-small-js-opt
`;

async function save(wasmPath: string, programPath: string, snapshotPath: string): Promise<string> {
  const core = await loadCore(readFileSync(wasmPath));
  const started = core.compute(readFileSync(programPath));
  if (!started.ok) throw new Error(String(started.error));
  const line = goOn(core);
  const saved = core.snapshot();
  if (!saved.ok) throw new Error(String(saved.error));
  writeFileSync(snapshotPath, saved.bytes);
  return line;
}

async function restore(wasmPath: string, snapshotPath: string): Promise<string> {
  const core = await loadCore(readFileSync(wasmPath));
  // Our own file. A stranger's may do anything with the core: seal it, and open it with the key.
  const restored = core.restore(readFileSync(snapshotPath), { bytecode: "trusted" });
  if (!restored.ok) throw new Error(String(restored.error));
  return goOn(core);
}

function goOn(core: Awaited<ReturnType<typeof loadCore>>): string {
  const result = core.call("go_on");
  if (result.ok) return String(result.values[0]);
  throw new Error(String(result.error));
}

const [command, wasmPath, path, snapshotPath] = process.argv.slice(2);
if (command === "save" && wasmPath && path && snapshotPath) {
  process.stdout.write(`${await save(wasmPath, path, snapshotPath)}\n`);
} else if (command === "restore" && wasmPath && path && !snapshotPath) {
  process.stdout.write(`${await restore(wasmPath, path)}\n`);
} else {
  process.stderr.write(usage);
  process.exitCode = 2;
}
