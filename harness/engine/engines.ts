/** The engines there are, by name: one more engine is one more entry here. */
import type { Engine } from "./engine.ts";
import { nodeEngine } from "./node-engine.ts";

/** What the adapters need of the outside; each takes what is its own. */
export interface EngineSettings {
  readonly nodePath: string;
  readonly nodeEntry: URL;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const adapters: ReadonlyMap<string, (settings: EngineSettings) => Engine> = new Map([
  [
    "node",
    ({ nodePath, nodeEntry, environment }: EngineSettings) =>
      nodeEngine({ execPath: nodePath, entry: nodeEntry, environment }),
  ],
]);

export const engineNames: readonly string[] = [...adapters.keys()];

/** The engine of that name; undefined when there is none, which is wrong use. */
export function engineByName(name: string, settings: EngineSettings): Engine | undefined {
  return adapters.get(name)?.(settings);
}
