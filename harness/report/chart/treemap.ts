/** The treemap of a ledger: groups as areas, and in them their largest items. */
import type { Mark, Spec } from "vega";
import type { LedgerReport } from "../schema-figures.ts";
import { type Chart, chartConfig, seriesColor } from "./chart.ts";

const mapWidth = 360;
const mapHeight = 430;
/** What a letter takes, by and large, in the charts' small print. */
const letterWidth = 5.4;
const lettersMin = 4;
const labelHeight = 18;

/** A node of the tree: all, families ("lua"), groups ("lua/lvm.c"), items. */
interface Node {
  readonly id: string;
  readonly parent: string | null;
  readonly name: string;
  readonly color: string;
  /** Of what has nothing below it. */
  readonly bytes: number;
}

/** Families of groups have one colour each; the largest come first. */
export function familiesOf({ groups }: LedgerReport): readonly string[] {
  const families = Map.groupBy(groups, ({ group }) => familyOf(group));
  const sized = [...families].map(([family, members]) => ({ family, bytes: sumOf(members) }));
  return sized.toSorted((a, b) => b.bytes - a.bytes).map(({ family }) => family);
}

/** "lua" of "lua/lvm.c". */
function familyOf(group: string): string {
  return group.split("/", 1)[0] ?? group;
}

function sumOf(parts: readonly { readonly bytes: number }[]): number {
  return parts.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Areas as the bytes; what is too small for its name has none: the table beside has them all. */
export function treemapChart(ledger: LedgerReport, said: Pick<Chart, "title" | "caption">): Chart {
  const spec: Spec = {
    width: mapWidth,
    height: mapHeight,
    background: chartConfig.background,
    padding: chartConfig.padding,
    config: { text: { font: chartConfig.font } },
    data: [
      {
        name: "boxes",
        values: [...nodesOf(ledger)],
        transform: [
          { type: "stratify", key: "id", parentKey: "parent" },
          {
            type: "treemap",
            field: "bytes",
            sort: { field: "value", order: "descending" },
            ratio: 1,
            size: [mapWidth, mapHeight],
          },
        ],
      },
      ...(["all", "families", "groups", "items"] as const).map((name, depth) => ({
        name,
        source: "boxes",
        transform: [{ type: "filter" as const, expr: `datum.depth === ${depth}` }],
      })),
      {
        name: "labels",
        source: "groups",
        transform: [
          {
            type: "formula",
            as: "letters",
            expr: `floor((datum.x1 - datum.x0 - 8) / ${letterWidth})`,
          },
          {
            type: "filter",
            expr: `datum.letters >= ${lettersMin} && datum.y1 - datum.y0 >= ${labelHeight}`,
          },
        ],
      },
    ],
    marks: [
      boxes("items", { strokeWidth: 0.4, fillOpacity: 0.14 }),
      boxes("groups", { strokeWidth: 0.9, fillOpacity: 0.12 }),
      boxes("families", { strokeWidth: 2, fillOpacity: 0 }),
      labels,
    ],
  };
  return { ...said, drawing: { language: "vega", spec } };
}

function boxes(
  data: string,
  look: { readonly strokeWidth: number; readonly fillOpacity: number },
): Mark {
  return {
    type: "rect",
    from: { data },
    encode: {
      enter: {
        x: { field: "x0" },
        x2: { field: "x1" },
        y: { field: "y0" },
        y2: { field: "y1" },
        fill: { field: "color" },
        stroke: { field: "color" },
        strokeWidth: { value: look.strokeWidth },
        fillOpacity: { value: look.fillOpacity },
      },
    },
  };
}

const labels: Mark = {
  type: "text",
  from: { data: "labels" },
  encode: {
    enter: {
      x: { field: "x0", offset: 4 },
      y: { field: "y0", offset: 4 },
      baseline: { value: "top" },
      fontSize: { value: 10 },
      fill: { value: "var(--ink)" },
      text: {
        signal:
          "length(datum.name) <= datum.letters ? datum.name : " +
          "slice(datum.name, 0, datum.letters - 1) + '…'",
      },
    },
  },
};

function nodesOf(ledger: LedgerReport): readonly Node[] {
  const root = "all";
  const families = familiesOf(ledger).map((name, index): Node => {
    const color = seriesColor(index);
    return { id: `family ${name}`, parent: root, name, color, bytes: 0 };
  });
  const colors = new Map(families.map(({ name, color }) => [name, color]));
  const inGroups = ledger.groups.flatMap(({ group, bytes }): readonly Node[] => {
    const color = colors.get(familyOf(group)) ?? "";
    const id = `group ${group}`;
    const items = ledger.items.filter((item) => item.group === group);
    // The items that the model has, and one box for the rest of the group.
    const rest = { name: "", bytes: Math.max(0, bytes - sumOf(items)) };
    const name = group.slice(group.lastIndexOf("/") + 1);
    return [
      { id, parent: `family ${familyOf(group)}`, name, color, bytes: 0 },
      ...[...items, rest].map((item, index) => ({
        id: `${id} ${index}`,
        parent: id,
        name: item.name,
        color,
        bytes: item.bytes,
      })),
    ];
  });
  return [{ id: root, parent: null, name: root, color: "", bytes: 0 }, ...families, ...inGroups];
}
