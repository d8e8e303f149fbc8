/** `npm run matrix -- list`: the variants with their axes, what is excluded and why, the suites. */

import type { Suite } from "../../harness/suite/suite.ts";
import {
  allVariants,
  excludedVariants,
  quickVariants,
  representativeVariants,
} from "../../harness/variant/list.ts";
import { axisNames } from "../../harness/variant/variant.ts";
import { suites } from "../../suites/index.ts";
import type { Invocation } from "../command/invocation.ts";

export function listMatrix({ json }: { readonly json: boolean }, { stdout }: Invocation): number {
  const listed = matrixListing();
  stdout.write(json ? `${JSON.stringify(listed, undefined, 2)}\n` : listingText(listed));
  return 0;
}

interface Listing {
  readonly variants: readonly {
    readonly id: string;
    readonly quick: boolean;
    /** What suites that take long run on, where not everything is asked for. */
    readonly representative: boolean;
    readonly axes: string;
  }[];
  readonly excluded: readonly { readonly id: string; readonly reason: string }[];
  readonly suites: readonly {
    readonly name: string;
    readonly spread: Suite["spread"];
    readonly cases: Readonly<Record<string, number>>;
  }[];
}

function matrixListing(): Listing {
  const quick = new Set(quickVariants().map(({ id }) => id));
  const representative = new Set(representativeVariants().map(({ id }) => id));
  return {
    variants: allVariants().map((variant) => ({
      id: variant.id,
      quick: quick.has(variant.id),
      representative: representative.has(variant.id),
      axes: axisNames.map((axis) => `${axis}=${variant[axis]}`).join(","),
    })),
    excluded: excludedVariants().map(({ variant, reason }) => ({ id: variant.id, reason })),
    suites: suites.map(({ name, cases, spread }) => {
      const byTier = Map.groupBy(cases, ({ tier }) => tier);
      return {
        name,
        spread,
        cases: Object.fromEntries([...byTier].map(([tier, { length }]) => [tier, length])),
      };
    }),
  };
}

function listingText({ variants, excluded, suites: listed }: Listing): string {
  const width = Math.max(...variants.map(({ id }) => id.length));
  const lines = [
    `${variants.length} variants (* of the quick set, + another representative):`,
    ...variants.map(({ id, quick, representative, axes }) => {
      const mark = quick ? "*" : representative ? "+" : " ";
      return `${mark} ${id.padEnd(width)}  ${axes}`;
    }),
    "",
    `${excluded.length} excluded${excluded.length === 0 ? "" : ":"}`,
    ...excluded.map(({ id, reason }) => `  ${id.padEnd(width)}  ${reason}`),
    "",
    `${listed.length} suites:`,
    ...listed.map(({ name, cases, spread }) => {
      const counts = Object.entries(cases).map(([tier, count]) => `${count} ${tier}`);
      const where = spread === "representatives" ? ", on representatives without --full" : "";
      return `  ${name.padEnd(width)}  ${counts.join(", ")}${where}`;
    }),
  ];
  return `${lines.join("\n")}\n`;
}
