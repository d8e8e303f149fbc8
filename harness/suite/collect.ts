/** Makes cases and suites, with the defaults that most share, and refuses ids that would clash. */
import type { Case } from "./case.ts";
import type { Suite } from "./suite.ts";

export type { Suite } from "./suite.ts";

/** The time limit of a case that states none: far above what the slowest build takes. */
export const defaultLimitMs = 20_000;

const idPattern = /^[a-z0-9]+(-[a-z0-9]+)*\/[a-z0-9]+(-[a-z0-9]+)*$/;

/** A case as it is written down: `tier` and `limitMs` have defaults. */
export type CaseDraft = Omit<Case, "tier" | "limitMs"> & Partial<Pick<Case, "tier" | "limitMs">>;

export function defineCase(draft: CaseDraft): Case {
  return { tier: "standard", limitMs: defaultLimitMs, ...draft };
}

/** Wrong ids in a list of suites: a bug of ours. */
export class SuiteError extends Error {
  override readonly name = "SuiteError";
}

/** Checks that ids are well formed, unique, and begin with their suite. Throws SuiteError. */
export function collectSuites(suites: readonly Suite[]): readonly Suite[] {
  const seen = new Set<string>();
  for (const { name, cases } of suites) {
    if (seen.has(name)) throw new SuiteError(`two suites are named "${name}"`);
    seen.add(name);
    for (const { id, title } of cases) {
      if (!idPattern.test(id))
        throw new SuiteError(`"${id}" is no case id: lower-case/with-dashes`);
      if (!id.startsWith(`${name}/`))
        throw new SuiteError(`"${id}" does not begin with "${name}/"`);
      if (seen.has(id)) throw new SuiteError(`two cases are named "${id}"`);
      if (title.length === 0 || title.includes("\n")) {
        throw new SuiteError(`"${id}": a title is one line`);
      }
      seen.add(id);
    }
  }
  return suites;
}
