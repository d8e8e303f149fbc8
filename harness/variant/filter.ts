/** Filters over variants as users write them: "optimize=ReleaseSmall,unwind=js|eh", or an id. */
import { allVariants } from "./list.ts";
import {
  type AxisName,
  type AxisValue,
  axes,
  axisNames,
  idToken,
  type Variant,
} from "./variant.ts";

/** A filter that names no axis, value or variant; the message says which there are. */
export class FilterError extends Error {
  override readonly name = "FilterError";
}

export type VariantPredicate = (variant: Variant) => boolean;

/**
 * Terms joined by "," must all hold; a term is `axis=value|value…`, or ids joined by "|". Values
 * are read in any case, and as ids write them ("small"). Throws FilterError.
 */
export function parseFilter(filter: string): VariantPredicate {
  const terms = filter.split(",").map((term) => parseTerm(term.trim()));
  return (variant) => terms.every((term) => term(variant));
}

function parseTerm(term: string): VariantPredicate {
  if (term === "") {
    throw new FilterError("a filter has an empty term: write axis=value|value,axis=value");
  }
  const equals = term.indexOf("=");
  if (equals < 0) return idPredicate(term);
  const axis = term.slice(0, equals).trim();
  const known = axisNames.find((name) => name === axis.toLowerCase());
  if (known === undefined) {
    throw new FilterError(`unknown axis "${axis}": the axes are ${axisNames.join(", ")}`);
  }
  const values = new Set(
    term
      .slice(equals + 1)
      .split("|")
      .map((value) => parseValue(known, value.trim())),
  );
  return (variant) => values.has(variant[known]);
}

function parseValue(axis: AxisName, text: string): AxisValue {
  const wanted = text.toLowerCase();
  const values: readonly AxisValue[] = axes[axis];
  const value = values.find((one) => one.toLowerCase() === wanted || idToken(one) === wanted);
  if (value === undefined) {
    const problem = `unknown value "${text}" of axis ${axis}: the values are ${values.join(", ")}`;
    throw new FilterError(problem);
  }
  return value;
}

function idPredicate(term: string): VariantPredicate {
  const ids = term.split("|").map((id) => id.trim().toLowerCase());
  for (const id of ids) {
    if (allVariants().some((variant) => variant.id === id)) continue;
    const known = allVariants().map((variant) => variant.id);
    throw new FilterError(
      `"${id}" is no variant, and no axis=value: the axes are ${axisNames.join(", ")}; ` +
        `the variants are ${known.join(", ")}`,
    );
  }
  return (variant) => ids.includes(variant.id);
}
