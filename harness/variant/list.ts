/** Which variants there are: the full factorial, its exclusions, the quick set, look-up by id. */
import { type AxisValues, axes, axisNames, type Variant, variantOf } from "./variant.ts";

/** A combination that is left out of the matrix, and why; every report repeats the reason. */
export interface Exclusion {
  readonly matches: Partial<AxisValues>;
  readonly reason: string;
}

/** None so far: all 48 build and run. */
const exclusions: readonly Exclusion[] = [];

/** All variants, in an order that never changes, so that reports and goldens don't reshuffle. */
export function allVariants(): readonly Variant[] {
  return factorial().filter((variant) => exclusionOf(variant) === undefined);
}

/** The variants that are left out, each with its reason. */
export function excludedVariants(): readonly {
  readonly variant: Variant;
  readonly reason: string;
}[] {
  return factorial().flatMap((variant) => {
    const exclusion = exclusionOf(variant);
    return exclusion === undefined ? [] : [{ variant, reason: exclusion.reason }];
  });
}

/**
 * The smallest set in which each value of each axis occurs: four, as many as the longest axis has.
 * The first is the smallest over the wire (brotli) and runs on the oldest browsers; by raw size
 * eh and exnref are 1 to 2 KB smaller. The second is the fastest: people ship these two.
 */
export function quickVariants(): readonly Variant[] {
  return [
    variantOf({ target: "freestanding", optimize: "ReleaseSmall", unwind: "js", post: "opt" }),
    variantOf({ target: "freestanding", optimize: "ReleaseFast", unwind: "exnref", post: "opt" }),
    variantOf({ target: "wasi", optimize: "ReleaseSafe", unwind: "eh", post: "none" }),
    variantOf({ target: "wasi", optimize: "Debug", unwind: "js", post: "none" }),
  ];
}

/**
 * What suites that take long run on, where not everything is asked for: the quick set, and a
 * variant for each target × optimize that it lacks, in the forms that few others have.
 */
export function representativeVariants(): readonly Variant[] {
  const others = axes.target.flatMap((target) =>
    axes.optimize
      .filter((optimize) =>
        quickVariants().every((quick) => quick.target !== target || quick.optimize !== optimize),
      )
      .map((optimize) => variantOf({ target, optimize, unwind: "eh", post: "opt" })),
  );
  return [...quickVariants(), ...others];
}

/** The variant of that id, or undefined; ids that nobody builds any more are unknown too. */
export function variantById(id: string): Variant | undefined {
  return allVariants().find((variant) => variant.id === id);
}

function factorial(): readonly Variant[] {
  return axes.target.flatMap((target) =>
    axes.optimize.flatMap((optimize) =>
      axes.unwind.flatMap((unwind) =>
        axes.post.map((post) => variantOf({ target, optimize, unwind, post })),
      ),
    ),
  );
}

function exclusionOf(variant: Variant): Exclusion | undefined {
  return exclusions.find(({ matches }) =>
    axisNames.every((axis) => matches[axis] === undefined || matches[axis] === variant[axis]),
  );
}
