/** A verdict on times as the model has it. */
import type { Verdict } from "../statistics/verdict.ts";
import type { TimeVerdict } from "./schema-figures.ts";

/** The verdict for the model: what has no end is left out, for JSON knows no infinity. */
export function timeVerdict({
  against,
  verdict: { verdict, ratio, processes, processesApart, rounds, driftPercent, ...figures },
}: {
  readonly against: string;
  readonly verdict: Verdict;
}): TimeVerdict {
  const finite = (name: "low" | "high" | "equalWithinPercent" | "noisePercent") =>
    Number.isFinite(figures[name]) && (name !== "low" || figures.low > 0)
      ? { [name]: figures[name] }
      : {};
  return {
    ...{ against, verdict, ratio: rounds === 0 ? 1 : ratio },
    ...{ ...finite("low"), ...finite("high") },
    ...{ ...finite("equalWithinPercent"), ...finite("noisePercent") },
    ...(driftPercent === undefined ? {} : { driftPercent }),
    ...(processesApart === undefined ? {} : { processesApart }),
    ...{ processes, rounds },
  };
}
