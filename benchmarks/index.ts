/** All workloads, in the order of tables: what they are and what comes of them. */
import type { Workload } from "../harness/bench/workload.ts";
import { classicWorkloads } from "./classic-workloads.ts";
import { specialWorkloads } from "./special-workloads.ts";

export const workloads: readonly Workload[] = [...classicWorkloads, ...specialWorkloads];

/** Those by which Lua implementations are compared as a whole. */
export const classicWorkloadNames: ReadonlySet<string> = new Set(
  workloads.filter(({ classic }) => classic).map(({ name }) => name),
);
