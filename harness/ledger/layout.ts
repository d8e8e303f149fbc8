/** Lays a module out: which bytes belong to which part of it, and what each part refers to. */
import { assertNever } from "../../runtime/check/assert-never.ts";
import type { Constant } from "../wasm/constant.ts";
import { type Entry, type External, readEntries } from "../wasm/entries.ts";
import {
  type IndexSpace,
  type Instruction,
  readInstructions,
  skipLocals,
} from "../wasm/instructions.ts";
import { headerSizeBytes, type RawSection, readSections } from "../wasm/sections.ts";
import { globalText, limitsText, tableText } from "../wasm/types.ts";
import type { PartKind } from "./kinds.ts";

/** The index spaces that parts of a module fill. */
export type PartSpace = Exclude<IndexSpace, "local" | "label">;

export interface Reference {
  readonly space: PartSpace;
  readonly index: number;
}

/** Bytes of the file, `end` not included. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Each number once, unsigned. */
export interface Numbers {
  /** Of i32.const: mostly where an object begins, if it is an address at all. */
  readonly constants: readonly number[];
  /** Of loads and stores: often the middle of an object. */
  readonly offsets: readonly number[];
}

/** One part: a function has two spans, its declaration and its body; most have one. */
export interface Part {
  readonly kind: PartKind;
  /** What the bytes say of it: a type's text, "env.js_time", an export's name. */
  readonly label: string;
  readonly spans: readonly Span[];
  readonly references: readonly Reference[];
  /** Where the instructions find it; an import lies in the space of what it imports. */
  readonly place?: Reference;
  /** Numbers in a function's code that may be addresses in memory. */
  readonly numbers?: Numbers;
  /** Of an active data segment whose place is a constant. */
  readonly address?: number;
}

/** Of a data segment, where its bytes lie: its last span. Empty ones lie nowhere. */
export function contentOf({ kind, spans }: Part): Span | undefined {
  const content = kind === "segment" ? spans.at(-1) : undefined;
  return content === undefined || content.start === content.end ? undefined : content;
}

/** Parts while they are read; `readLayout` gives them out as Part. */
interface Draft extends Part {
  readonly spans: Span[];
  readonly references: Reference[];
  numbers?: Numbers;
}

/** All parts of a module that readModule has accepted; throws WasmFormatError. */
export function readLayout(bytes: Uint8Array): readonly Part[] {
  const walk = new Walk();
  walk.add({ kind: "header", label: "magic and version" }, { start: 0, end: headerSizeBytes });
  for (const section of readSections(bytes)) {
    if (section.id === 0) addCustom(walk, section);
    else addSection(walk, section);
  }
  return walk.parts;
}

/** A part before it has its index: `space` is where it gets the next one. */
interface NewPart extends Pick<Part, "kind" | "label" | "address"> {
  readonly space?: PartSpace;
  readonly references?: readonly Reference[];
}

class Walk {
  readonly parts: Draft[] = [];
  readonly #counts = new Map<PartSpace, number>();
  /** Functions that were declared and whose body is still to come. */
  readonly #bodiless: Draft[] = [];

  add({ space, references = [], ...part }: NewPart, ...spans: readonly Span[]): Draft {
    const place = space === undefined ? {} : { place: { space, index: this.#next(space) } };
    const draft = { ...part, spans: [...spans], references: [...references], ...place };
    this.parts.push(draft);
    return draft;
  }

  #next(space: PartSpace): number {
    const index = this.#counts.get(space) ?? 0;
    this.#counts.set(space, index + 1);
    return index;
  }

  addDefinition(part: NewPart, span: Span): void {
    const draft = this.add(part, span);
    if (part.kind === "function") this.#bodiless.push(draft);
  }

  takeBodiless(): Draft {
    const draft = this.#bodiless.shift();
    if (draft === undefined) throw new TypeError("a body without a declaration");
    return draft;
  }
}

/** Id, length and count; then its entries, each a part of its own. */
function addSection(walk: Walk, section: RawSection): void {
  const { name, offset, sizeBytes } = section;
  const entries = [...readEntries(section)];
  // Without a count: all of the section is its one entry.
  if (name === "start" || name === "data-count") {
    for (const entry of entries) addEntry(walk, { ...entry, start: offset });
    return;
  }
  const end = entries[0]?.start ?? offset + sizeBytes;
  walk.add({ kind: "section", label: name }, { start: offset, end });
  for (const entry of entries) addEntry(walk, entry);
}

/** A name section by its subsections, any other in one part. */
function addCustom(walk: Walk, { name, offset, sizeBytes, open }: RawSection): void {
  if (name !== "custom:name") {
    const label = name.slice("custom:".length);
    walk.add({ kind: "custom", label }, { start: offset, end: offset + sizeBytes });
    return;
  }
  const reader = open();
  walk.add({ kind: "section", label: "names" }, { start: offset, end: reader.offset });
  while (!reader.atEnd) {
    const start = reader.offset;
    const label = `subsection ${reader.u8()}`;
    reader.skip(reader.u32());
    walk.add({ kind: "names", label }, { start, end: reader.offset });
  }
}

function addEntry(walk: Walk, entry: Entry): void {
  const { kind, start, end } = entry;
  const span: Span = { start, end };
  switch (kind) {
    case "type":
      walk.add({ kind, label: entry.text, space: "type" }, span);
      return;
    case "import": {
      const { module, name, external } = entry;
      const label = `${module}.${name}`;
      walk.add({ kind, label, space: external.kind, references: typeOf(external) }, span);
      return;
    }
    case "definition": {
      const { external, initial } = entry;
      const references = [...typeOf(external), ...referencesOf(initial)];
      const space = external.kind;
      walk.addDefinition({ kind: space, label: labelOf(external), space, references }, span);
      return;
    }
    case "export": {
      const { name, space, index } = entry;
      walk.add({ kind, label: name, references: [{ space, index }] }, span);
      return;
    }
    case "start": {
      const references: readonly Reference[] = [{ space: "function", index: entry.index }];
      walk.add({ kind, label: kind, references }, span);
      return;
    }
    case "data-count":
      walk.add({ kind, label: kind }, span);
      return;
    case "element":
      addElement(walk, entry);
      return;
    case "body":
      addBody(walk.takeBodiless(), entry);
      return;
    case "data":
      addData(walk, entry);
      return;
    default:
      assertNever(entry);
  }
}

function typeOf(external: External): readonly Reference[] {
  return "typeIndex" in external ? [{ space: "type", index: external.typeIndex }] : [];
}

/** Functions have names instead, from what calls or exports them. */
function labelOf(external: External): string {
  switch (external.kind) {
    case "function":
      return "";
    case "table":
      return tableText(external.type);
    case "memory":
      return `${limitsText(external.limits)} pages`;
    case "global":
      return globalText(external.type);
    case "tag":
      return "tag";
    default:
      return assertNever(external);
  }
}

function addElement(walk: Walk, entry: Entry & { readonly kind: "element" }): void {
  const { kind, active, items, start, end } = entry;
  const references: readonly Reference[] = [
    ...(active === undefined ? [] : [{ space: "table", index: active.table } as const]),
    ...referencesOf(active?.place),
    ...items.flatMap((item): readonly Reference[] =>
      typeof item === "number" ? [{ space: "function", index: item }] : referencesOf(item),
    ),
  ];
  const label = `${active === undefined ? "passive" : "active"} segment`;
  walk.add({ kind, label, space: "element", references }, { start, end });
}

function addBody(part: Draft, { body, start, end }: Entry & { readonly kind: "body" }): void {
  part.spans.push({ start, end });
  skipLocals(body);
  const references = new References();
  readInstructions(body, (instruction) => references.add(instruction));
  part.references.push(...references.all);
  part.numbers = references.numbers;
}

/** What lies in memory is cut into pieces later; here the segment is one part. */
function addData(walk: Walk, entry: Entry & { readonly kind: "data" }): void {
  const { active, sizeBytes, start, end } = entry;
  const contentStart = end - sizeBytes;
  const value = active?.place.value;
  walk.add(
    {
      kind: "segment",
      label: `${active === undefined ? "passive" : "active"} segment`,
      space: "data",
      references: [
        ...(active === undefined ? [] : [{ space: "memory", index: active.memory } as const]),
        ...referencesOf(active?.place),
      ],
      ...(typeof value === "number" ? { address: value >>> 0 } : {}),
    },
    { start, end: contentStart },
    { start: contentStart, end },
  );
}

function referencesOf(constant: Constant | undefined): readonly Reference[] {
  const references = new References();
  for (const instruction of constant?.instructions ?? []) references.add(instruction);
  return references.all;
}

/** What instructions refer to, each once, in the order of its first appearance. */
class References {
  readonly #seen = new Map<string, Reference>();
  readonly #constants = new Set<number>();
  readonly #offsets = new Set<number>();

  add({ opcode, operands }: Instruction): void {
    for (const operand of operands) {
      if (operand.kind === "address") this.#offsets.add(operand.offset);
      if (operand.kind === "integer" && opcode === 0x41) {
        this.#constants.add(Number(operand.value) >>> 0);
      }
      if (operand.kind !== "index") continue;
      const { space, index } = operand;
      if (space === "local" || space === "label") continue;
      this.#seen.set(`${space} ${index}`, { space, index });
    }
  }

  get all(): readonly Reference[] {
    return [...this.#seen.values()];
  }

  get numbers(): Numbers {
    return { constants: [...this.#constants], offsets: [...this.#offsets] };
  }
}
