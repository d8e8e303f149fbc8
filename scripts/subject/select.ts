/** What the commands run on: variants and files as subjects, engines by their names. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Engine, Probe } from "../../harness/engine/engine.ts";
import { type EngineSettings, engineByName, engineNames } from "../../harness/engine/engines.ts";
import type { ProbedEngine } from "../../harness/run/context.ts";
import type { PlannedSubject } from "../../harness/run/plan.ts";
import { axisNames, type Variant } from "../../harness/variant/variant.ts";
import type { Invocation } from "../command/invocation.ts";
import { unknownName } from "../command/usage.ts";

export function subjectOf(variant: Variant): PlannedSubject {
  return {
    id: variant.id,
    axes: Object.fromEntries(axisNames.map((axis) => [axis, variant[axis]])),
  };
}

/** `--wasm` brings no variant: the file's name stands for it. */
export function fileSubject(file: string): PlannedSubject {
  return { id: file.split(/[\\/]/).at(-1) || file, axes: {}, file };
}

/** The engines of those names, each with what its probe says. Throws UsageError. */
export async function selectEngines(
  names: readonly string[],
  invocation: Invocation,
): Promise<ReadonlyMap<string, ProbedEngine>> {
  const settings = engineSettings(invocation);
  const engines = names.map((given): Engine => {
    const engine = engineByName(given, settings);
    if (engine === undefined) throw unknownName({ what: "engine", given, known: engineNames });
    return engine;
  });
  const probed = engines.map(async (engine): Promise<readonly [string, ProbedEngine]> => {
    const probe: Probe = await engine.probe();
    return [engine.name, { engine, probe }];
  });
  return new Map(await Promise.all(probed));
}

/** The engines as npm installed them; deno's own package lacks some platforms, so PATH is next. */
export function engineSettings({
  root,
  nodePath,
  environment,
}: Pick<Invocation, "root" | "nodePath" | "environment">): EngineSettings {
  const packages = join(root, "node_modules");
  const deno = join(packages, "@deno", "linux-x64-glibc", "deno");
  return {
    nodePath,
    bunPath: join(packages, ".bin", "bun"),
    denoPath: existsSync(deno) ? deno : "deno",
    nodeEntry: new URL("../worker/node-worker.ts", import.meta.url),
    environment,
  };
}
