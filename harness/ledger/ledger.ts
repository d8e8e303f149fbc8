/** The size ledger of a wasm module: every byte by item, and what each item retains. */
import { readModule } from "../wasm/module.ts";
import { headerSizeBytes, readSections } from "../wasm/sections.ts";
import { unaccountedIn } from "./account.ts";
import { cutData } from "./data-pieces.ts";
import { dominatorsOf, retainedOf } from "./graph.ts";
import { groupsOf } from "./groups.ts";
import { groupTotals, type LedgerItem } from "./item.ts";
import { checkTwin, hasNames, namesOf, unlike } from "./item-names.ts";
import { contentOf, type Part, readLayout, type Span } from "./layout.ts";
import { graphsOf } from "./references.ts";
import { shapesOf } from "./shape.ts";
import type { SourceIndex } from "./sources.ts";
import { type Why, whyOf } from "./why.ts";

export interface Ledger {
  readonly totalBytes: number;
  /** Bytes that no item has: 0, or the reader is wrong. */
  readonly unaccountedBytes: number;
  /** Largest first. */
  readonly items: readonly LedgerItem[];
  /** [section, bytes with its header], in the file's order; "header" is the first eight bytes. */
  readonly sections: readonly (readonly [section: string, bytes: number])[];
  /** [group, bytes], largest first. */
  readonly groups: readonly (readonly [group: string, bytes: number])[];
  /** A shortest way from a root to the first item of that name; undefined when there is none. */
  readonly why: (name: string) => Why | undefined;
}

export interface LedgerOptions {
  readonly wasm: Uint8Array;
  /** The same module with a name section; absent: the module's own, if it has one. */
  readonly named?: Uint8Array;
  /** By which functions are grouped (readSources). */
  readonly sources: SourceIndex;
}

/** Throws WasmFormatError, and TwinError when `named` is another module. */
export function ledgerOf({ wasm, named = wasm, sources }: LedgerOptions): Ledger {
  readModule(wasm);
  if (named !== wasm) checkTwin(wasm, named);
  const parts = readLayout(wasm);
  const data = cutData(wasm, parts);
  const graphs = graphsOf(parts, data);
  const names = namesOf(parts, named);
  const isNamed = hasNames(named);
  const groups = groupsOf({ parts, data, names, isNamed, graphs, sources });
  const shapes = shapesOf(wasm, parts);
  const spans = [...parts.map(ownSpans), ...data.pieces.map((piece) => [piece])];
  const weights = spans.map(lengthOf);
  const exact = dominatorsOf(graphs.exact);
  const retained = retainedOf(exact, weights);
  const retainedWithData = retainedOf(dominatorsOf(graphs.withData), weights);
  const labels = unlike([
    ...parts.map(({ kind }, place) => ({ kind, name: names[place] ?? "" })),
    ...data.pieces.map(({ label }): Label => ({ kind: "data", name: label })),
  ]);
  const items = labels.map((label, place): LedgerItem => {
    const shape = shapes.get(place);
    return {
      ...label,
      group: groups[place] ?? "",
      shallowBytes: weights[place] ?? 0,
      retainedBytes: retained[place] ?? 0,
      retainedWithDataBytes: retainedWithData[place] ?? 0,
      isUnreached: exact.unreached.has(place),
      ...(shape === undefined ? {} : { shape }),
    };
  });
  return {
    totalBytes: wasm.length,
    unaccountedBytes: unaccountedIn(wasm.length, spans.flat()),
    sections: sectionTotals(wasm, spans.flat()),
    items: items.toSorted(bySize),
    groups: groupTotals(items),
    why: (name) => whyOf({ name, items, graphs }),
  };
}

type Label = Pick<LedgerItem, "kind" | "name">;

/** A data segment's content is accounted for by its pieces. */
function ownSpans(part: Part): readonly Span[] {
  const content = contentOf(part);
  return part.spans.filter((span) => span !== content);
}

function lengthOf(spans: readonly Span[]): number {
  return spans.reduce((sum, { start, end }) => sum + end - start, 0);
}

/** Equal sizes by name, so that two runs agree. */
function bySize(a: LedgerItem, b: LedgerItem): number {
  const [first, second] = [`${a.kind} ${a.name}`, `${b.kind} ${b.name}`];
  return b.shallowBytes - a.shallowBytes || (first < second ? -1 : 1);
}

/** Summed from the items' bytes, so that another reader of the file can confirm them. */
function sectionTotals(wasm: Uint8Array, spans: readonly Span[]): Ledger["sections"] {
  const header = { name: "header", offset: 0, sizeBytes: headerSizeBytes };
  return [header, ...readSections(wasm)].map(({ name, offset, sizeBytes }) => {
    const inside = spans.filter(({ start }) => start >= offset && start < offset + sizeBytes);
    return [name, lengthOf(inside)];
  });
}
