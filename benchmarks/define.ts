/** How a workload is written down: what it leaves out has one meaning. */
import type { Workload } from "../harness/bench/workload.ts";

type Definition = Omit<Workload, "program" | "action" | "classic"> &
  Partial<Pick<Workload, "action">> & {
    /** The folder with the program, where it is another workload's. */
    readonly folder?: string;
  };

/** One of the classic programs: any Lua runs it. */
export function classic(definition: Definition): Workload {
  return define(definition, true);
}

/** What only a core does, or what is no measure of an interpreter. */
export function special(definition: Definition): Workload {
  return define(definition, false);
}

function define({ folder, ...definition }: Definition, isClassic: boolean): Workload {
  const program = new URL(`./${folder ?? definition.name}/workload.lua`, import.meta.url);
  return { action: "run-program", ...definition, classic: isClassic, program };
}
