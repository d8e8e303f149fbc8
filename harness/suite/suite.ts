/** What a suite is: the cases of one folder of suites/, under the folder's name. */
import type { Case } from "./case.ts";

export interface Suite {
  /** The folder's name; the ids of its cases begin with it. */
  readonly name: string;
  readonly cases: readonly Case[];
  /**
   * Where it runs in the standard tier: `representatives` for one that takes long (the quick set
   * and a variant for each target × optimize). With --full each suite runs everywhere.
   */
  readonly spread: "every-variant" | "representatives";
  /** Its cases are given the artifacts of the quick set, too: CaseContext.partners. */
  readonly hasPartners?: true;
  /** `import.meta.url` of its index.ts: what this imports is what its outcomes depend on. */
  readonly entry: string;
}
