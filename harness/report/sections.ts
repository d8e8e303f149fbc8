/** The sections of the report, in the one order in which every format has them. */
import type { ReportModel } from "./schema.ts";
import type { Section } from "./section/section.ts";
import { budgetSection } from "./sections/budget.ts";
import { buildsSection } from "./sections/builds.ts";
import { cellsSection } from "./sections/cells.ts";
import { comparisonSection } from "./sections/comparison.ts";
import { costsSection } from "./sections/costs.ts";
import { effectsSection } from "./sections/effects.ts";
import { environmentSection } from "./sections/environment.ts";
import { failuresSection, missingSection } from "./sections/failures.ts";
import { figuresSection } from "./sections/figures.ts";
import { frontsSection } from "./sections/fronts.ts";
import { historySection } from "./sections/history.ts";
import { ledgerSection } from "./sections/ledger.ts";
import { peersSection } from "./sections/peers.ts";
import { sizesSection } from "./sections/sizes.ts";
import { skippedSection } from "./sections/skipped.ts";
import { timesSection } from "./sections/times.ts";

/** What a run said nothing of has no section. Broken limits come before what was measured. */
export function sectionsOf(model: ReportModel): readonly Section[] {
  const isOver = model.budget.checks.some(({ over }) => over);
  const sections = [
    comparisonSection,
    failuresSection,
    missingSection,
    ...(isOver ? [budgetSection] : []),
    cellsSection,
    sizesSection,
    ...(isOver ? [] : [budgetSection]),
    ledgerSection,
    costsSection,
    timesSection,
    peersSection,
    effectsSection,
    frontsSection,
    historySection,
    figuresSection,
    buildsSection,
    skippedSection,
    environmentSection,
  ];
  return sections.flatMap((section) => section(model) ?? []);
}
