/** The stages of a run that asks for cases alone. */
import type { Plan } from "../plan.ts";
import type { Stage } from "../run.ts";
import { buildStage } from "./build.ts";
import { testStage } from "./test.ts";

export function caseStages({ subjects, cells }: Plan): readonly Stage[] {
  return [buildStage(subjects), testStage(cells)];
}
