/** Axis effects: what each axis value costs and saves, over pairs that differ in nothing else. */
import { geometricMean } from "../statistics/location.ts";
import type { Effect, Interaction } from "./schema-figures.ts";
import type { Combined } from "./time-pairs.ts";

/** One figure of all variants that have it; the ratio of two of them is what counts. */
export interface AxisFigures {
  readonly metric: string;
  readonly variants: readonly {
    readonly variant: string;
    readonly axes: Readonly<Record<string, string>>;
    readonly value: number;
  }[];
  /** Of figures that are measured: the mean over these pairs with its interval. */
  readonly combinedOf?: (pairs: readonly VariantPair[]) => Combined | undefined;
}

export interface VariantPair {
  readonly base: string;
  readonly subject: string;
}

type Variants = AxisFigures["variants"];
type Figure = Variants[number];

/** An interaction below this is none that anybody would act on. */
const interactionMin = 0.01;
const interactionsShown = 8;

/** Every value of every axis beside the one that makes the smallest figures. */
export function effectsOf(figures: AxisFigures): Effect[] {
  const { metric, variants, combinedOf } = figures;
  return axisValues(variants).flatMap(({ axis, against, others }) =>
    others.flatMap((value): Effect[] => {
      const pairs = pairsOf({ variants, axis, value, against });
      if (pairs.length === 0) return [];
      const factor = factorOf(pairs.map(([subject, base]) => subject.value / base.value));
      const names = pairs.map(([one, base]) => ({ base: base.variant, subject: one.variant }));
      return [{ metric, axis, value, against, ...factor, ...combinedOf?.(names) }];
    }),
  );
}

/** The largest first, of counted figures: where two values together are not what each one is. */
export function interactionsOf({ metric, variants }: AxisFigures): Interaction[] {
  const axes = axisValues(variants);
  const found = axes.flatMap((one, index) =>
    axes.slice(index + 1).flatMap((other) =>
      one.others.flatMap((value) =>
        other.others.flatMap((otherValue): Interaction[] => {
          const first = { axis: one.axis, value, against: one.against };
          const second = { axis: other.axis, value: otherValue, against: other.against };
          const ratios = quadruples({ variants, first, second });
          if (ratios.length === 0) return [];
          return [{ metric, axes: [first, second], ...factorOf(ratios) }];
        }),
      ),
    ),
  );
  return found
    .filter(({ ratio }) => Math.abs(Math.log(ratio)) >= interactionMin)
    .toSorted((a, b) => Math.abs(Math.log(b.ratio)) - Math.abs(Math.log(a.ratio)))
    .slice(0, interactionsShown);
}

function factorOf(ratios: readonly number[]) {
  return {
    ratio: geometricMean(ratios),
    least: Math.min(...ratios),
    most: Math.max(...ratios),
    pairsCount: ratios.length,
  };
}

/** Axes with more than one value; `against` is the value of the smallest geometric mean. */
function axisValues(variants: Variants) {
  const axes = [...new Set(variants.flatMap((variant) => Object.keys(variant.axes)))];
  return axes.flatMap((axis) => {
    const byValue = [...Map.groupBy(variants, (variant) => variant.axes[axis] ?? "")];
    const [smallest, ...others] = byValue
      .map(([value, members]) => ({ value, mean: geometricMean(members.map((one) => one.value)) }))
      .toSorted((a, b) => a.mean - b.mean);
    if (smallest === undefined || others.length === 0) return [];
    return [{ axis, against: smallest.value, others: others.map(({ value }) => value) }];
  });
}

interface AxisStep {
  readonly axis: string;
  readonly value: string;
  readonly against: string;
}

/** [with the value, with the other]: equal on every other axis. */
function pairsOf({
  variants,
  axis,
  value,
  against,
}: AxisStep & { readonly variants: Variants }): readonly (readonly [Figure, Figure])[] {
  const places = new Map(variants.map((variant) => [placeOf(variant.axes), variant]));
  return variants.flatMap((variant) => {
    if (variant.axes[axis] !== value) return [];
    const base = places.get(placeOf({ ...variant.axes, [axis]: against }));
    return base === undefined ? [] : [[variant, base] as const];
  });
}

/** The effect of `first` where `second` has its value, over the effect where it has the other. */
function quadruples({
  variants,
  first,
  second,
}: {
  readonly variants: Variants;
  readonly first: AxisStep;
  readonly second: AxisStep;
}): readonly number[] {
  const places = new Map(variants.map((variant) => [placeOf(variant.axes), variant]));
  return pairsOf({ variants, ...first }).flatMap(([subject, base]) => {
    if (subject.axes[second.axis] !== second.value) return [];
    const otherSubject = places.get(placeOf({ ...subject.axes, [second.axis]: second.against }));
    const otherBase = places.get(placeOf({ ...base.axes, [second.axis]: second.against }));
    if (otherSubject === undefined || otherBase === undefined) return [];
    return [subject.value / base.value / (otherSubject.value / otherBase.value)];
  });
}

function placeOf(axes: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(axes).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
