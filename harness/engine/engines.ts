/** The engines there are, each with what it is able to do, and what each needs to be found. */
import type { Engine } from "./engine.ts";
import type { EngineProgram } from "./engine-program.ts";
import { nodeEngine } from "./node-engine.ts";

/** What the entries need of the outside; each takes what is its own. */
export interface EngineSettings {
  readonly nodePath: string;
  readonly bunPath: string;
  readonly denoPath: string;
  /** The module that workers run which take messages. */
  readonly nodeEntry: URL;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

interface EngineEntry {
  /** How it runs a file to its end: enough to count exact costs. */
  readonly program: (settings: EngineSettings) => Omit<EngineProgram, "name">;
  /** How it runs cases, where it can. */
  readonly engine?: (settings: EngineSettings) => Engine;
}

const entries: Readonly<Record<string, EngineEntry>> = {
  node: {
    program: ({ nodePath }) => ({ command: nodePath, arguments: [], environment: {} }),
    engine: ({ nodePath, nodeEntry, environment }) =>
      nodeEngine({ execPath: nodePath, entry: nodeEntry, environment }),
  },
  bun: {
    // Its optimizing compiler stands still for up to 40 s over the interpreter's metered main loop.
    program: ({ bunPath }) => ({
      command: bunPath,
      arguments: ["run"],
      environment: { BUN_JSC_useOMGJIT: "0" },
    }),
  },
  deno: {
    program: ({ denoPath }) => ({
      command: denoPath,
      arguments: ["run", "--no-prompt", "--no-config", "--no-lock", "--allow-read"],
      environment: {},
    }),
  },
};

/** Those that run cases. */
export const engineNames: readonly string[] = Object.keys(entries).filter(
  (name) => entries[name]?.engine !== undefined,
);

/** The engine of that name; undefined when there is none that runs cases, which is wrong use. */
export function engineByName(name: string, settings: EngineSettings): Engine | undefined {
  return Object.hasOwn(entries, name) ? entries[name]?.engine?.(settings) : undefined;
}

/** All of them; the first is the one that others are compared with. */
export function enginePrograms(settings: EngineSettings): readonly EngineProgram[] {
  return Object.entries(entries).map(([name, { program }]) => ({ name, ...program(settings) }));
}
