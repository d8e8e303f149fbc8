/** The treemap of a ledger: groups as areas, and in them their largest items. */
import type { TopLevelSpec } from "vega-lite";
import type { Markup } from "../markup.ts";
import type { LedgerReport } from "../schema-figures.ts";
import { chartConfig, renderSvg, seriesColor } from "./chart-spec.ts";

const mapWidth = 360;
const mapHeight = 430;
/** What a letter takes, by and large, in the charts' small print. */
const letterWidth = 5.4;
const lineHeight = 12;

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Area {
  readonly name: string;
  readonly bytes: number;
}

/**
 * Boxes whose areas are as the bytes, as square as may be: Bruls, Huizing and van Wijk, Squarified
 * Treemaps (2000). The areas come largest first, and so do the boxes.
 */
export function squarify(areas: readonly Area[], box: Box): readonly (Area & Box)[] {
  const total = areas.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total === 0) return [];
  const scale = (box.width * box.height) / total;
  const placed: (Area & Box)[] = [];
  let left = box;
  let row: Area[] = [];
  for (const area of areas.filter(({ bytes }) => bytes > 0)) {
    const side = Math.min(left.width, left.height);
    if (row.length > 0 && worst([...row, area], side, scale) > worst(row, side, scale)) {
      const laid = layRow(row, left, scale);
      placed.push(...laid.boxes);
      left = laid.rest;
      row = [];
    }
    row.push(area);
  }
  return [...placed, ...layRow(row, left, scale).boxes];
}

/** How far the longest box of a row is from a square. */
function worst(row: readonly Area[], side: number, scale: number): number {
  const sizes = row.map(({ bytes }) => bytes * scale);
  const sum = sizes.reduce((all, size) => all + size, 0);
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  return Math.max((side ** 2 * most) / sum ** 2, sum ** 2 / (side ** 2 * least));
}

function layRow(row: readonly Area[], box: Box, scale: number) {
  const sum = row.reduce((all, { bytes }) => all + bytes * scale, 0);
  const isWide = box.width >= box.height;
  const depth = sum / Math.max(1e-9, isWide ? box.height : box.width);
  let at = 0;
  const boxes = row.map((area) => {
    const length = (area.bytes * scale) / Math.max(1e-9, depth);
    const place: Box = isWide
      ? { x: box.x, y: box.y + at, width: depth, height: length }
      : { x: box.x + at, y: box.y, width: length, height: depth };
    at += length;
    return { ...area, ...place };
  });
  const rest: Box = isWide
    ? { ...box, x: box.x + depth, width: Math.max(0, box.width - depth) }
    : { ...box, y: box.y + depth, height: Math.max(0, box.height - depth) };
  return { boxes, rest };
}

/** "lua" of "lua/lvm.c": what has one colour, in the order of their bytes. */
export function familiesOf({ groups }: LedgerReport): readonly string[] {
  const families = Map.groupBy(groups, ({ group }) => familyOf(group));
  const sized = [...families].map(([family, members]) => ({ family, bytes: sumOf(members) }));
  return sized.toSorted((a, b) => b.bytes - a.bytes).map(({ family }) => family);
}

function familyOf(group: string): string {
  return group.split("/", 1)[0] ?? group;
}

function sumOf(areas: readonly { readonly bytes: number }[]): number {
  return areas.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** What is too small for its name has none: the table beside has them all. */
export async function treemapChart(ledger: LedgerReport): Promise<Markup> {
  const whole = { x: 0, y: 0, width: mapWidth, height: mapHeight };
  const members = Map.groupBy(ledger.groups, ({ group }) => familyOf(group));
  const families = familiesOf(ledger).map((name) => {
    return { name, bytes: sumOf(members.get(name) ?? []) };
  });
  const values = squarify(families, whole).flatMap((family, index) => {
    const areas = (members.get(family.name) ?? [])
      .map(({ group, bytes }) => ({ name: group, bytes }))
      .toSorted((a, b) => b.bytes - a.bytes);
    const color = seriesColor(index);
    return [
      ...squarify(areas, family).flatMap((group) => [
        ...itemBoxes(ledger, group).map((box) => ({ ...boxOf(box), color, ...itemLook })),
        { ...boxOf(group), color, ...groupLook, label: labelOf(group) },
      ]),
      { ...boxOf(family), color, ...familyLook },
    ];
  });
  const quantity = (field: string, size: number) => ({
    ...{ field, type: "quantitative" as const, axis: null },
    scale: { domain: [0, size], range: [0, size], nice: false },
  });
  const spec: TopLevelSpec = {
    ...{ data: { values }, width: mapWidth, height: mapHeight, config: chartConfig },
    encoding: { x: quantity("x", mapWidth), y: quantity("y", mapHeight) },
    layer: [
      {
        mark: { type: "rect" },
        encoding: {
          ...{ x2: { field: "right" }, y2: { field: "bottom" } },
          fill: { field: "color", type: "nominal", scale: null },
          stroke: { field: "color", type: "nominal", scale: null },
          fillOpacity: { field: "opacity", type: "quantitative", scale: null },
          strokeWidth: { field: "border", type: "quantitative", scale: null },
        },
      },
      {
        transform: [{ filter: "datum.label != ''" }],
        mark: {
          ...{ type: "text", align: "left", baseline: "top", dx: 4, dy: 4, fontSize: 10 },
          color: "var(--ink)",
        },
        encoding: { text: { field: "label" } },
      },
    ],
  };
  return renderSvg(spec);
}

const itemLook = { border: 0.4, opacity: 0.14, label: "" };
const groupLook = { border: 0.9, opacity: 0.12 };
const familyLook = { border: 2, opacity: 0, label: "" };

/** The items that the model has, and one box for the rest of the group. */
function itemBoxes({ items }: LedgerReport, group: Area & Box): readonly (Area & Box)[] {
  const areas = items
    .filter((item) => item.group === group.name)
    .map(({ name, bytes }) => ({ name, bytes }));
  const rest = { name: "", bytes: Math.max(0, group.bytes - sumOf(areas)) };
  return squarify(
    [...areas, rest].toSorted((a, b) => b.bytes - a.bytes),
    group,
  );
}

function boxOf({ x, y, width, height }: Box) {
  return { x, y, right: x + width, bottom: y + height };
}

function labelOf({ name: group, width, height }: Area & Box): string {
  const name = group.slice(group.lastIndexOf("/") + 1);
  const letters = Math.floor((width - 8) / letterWidth);
  if (height < lineHeight + 6 || letters < 4) return "";
  return name.length <= letters ? name : `${name.slice(0, letters - 1)}…`;
}
