/** Names a module's parts: by the name section of its twin, by exports, else by kind and place. */
import { readNames } from "../wasm/names.ts";
import { type RawSection, readSections } from "../wasm/sections.ts";
import type { ItemKind } from "./kinds.ts";
import type { Part, PartSpace } from "./layout.ts";

/** Whose parts are called by their names; imports and types by what they say themselves. */
const namedSpaces = ["function", "table", "memory", "global", "tag", "data", "element"] as const;

/** The named twin has other code than the module. */
export class TwinError extends Error {
  override readonly name = "TwinError";
}

/** Throws TwinError unless all sections but the custom ones are the same, byte by byte. */
export function checkTwin(wasm: Uint8Array, named: Uint8Array): void {
  const [own, twin] = [wasm, named].map((bytes) =>
    readSections(bytes)
      .filter(({ id }) => id !== 0)
      .map(({ name, offset, sizeBytes }) => ({
        name,
        content: Buffer.from(bytes.subarray(offset, offset + sizeBytes)),
      })),
  );
  for (const [place, { name, content }] of (own ?? []).entries()) {
    if (twin?.[place]?.content.equals(content) === true) continue;
    throw new TwinError(`the named twin is of another module: its section ${name} differs`);
  }
  if (own?.length !== twin?.length) throw new TwinError("the named twin has more sections");
}

/** Whether the module has a name section. */
export function hasNames(named: Uint8Array): boolean {
  return nameSectionOf(named) !== undefined;
}

function nameSectionOf(named: Uint8Array): RawSection | undefined {
  return readSections(named).find(({ name }) => name === "custom:name");
}

/** In the order of the parts. What two parts share is not told apart here (`unlike`). */
export function namesOf(parts: readonly Part[], named: Uint8Array): readonly string[] {
  const known = knownNames(named);
  const exported = exportNames(parts);
  return parts.map(({ kind, label, place }) => {
    if (place === undefined || kind === "import" || kind === "type") return label;
    const { space, index } = place;
    const name = known.get(space)?.get(index) ?? exported.get(`${space} ${index}`);
    return name ?? (kind === "function" ? namelessFunction(index) : `${kind} ${index}`);
  });
}

/** Of the name section, by space and index. */
function knownNames(named: Uint8Array): ReadonlyMap<PartSpace, ReadonlyMap<number, string>> {
  const section = nameSectionOf(named);
  if (section === undefined) return new Map();
  return new Map(namedSpaces.map((space) => [space, readNames(section.open(), space)]));
}

/** What a function is called that nobody names: a number, which any change may give to another. */
function namelessFunction(index: number): string {
  return `function ${index}`;
}

/** Whether a name is only a place, so that the same name elsewhere means nothing. */
export function isNameless(name: string): boolean {
  return /^function \d+(?:#\d+)?$/.test(name);
}

/** The first export of each part that has one, by "space index". */
function exportNames(parts: readonly Part[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { kind, label, references } of parts) {
    const [target] = kind === "export" ? references : [];
    const key = target === undefined ? undefined : `${target.space} ${target.index}`;
    if (key !== undefined && !names.has(key)) names.set(key, label);
  }
  return names;
}

/** The same names, with "#2", "#3" behind the second and third of one kind. */
export function unlike<Named extends { readonly kind: ItemKind; readonly name: string }>(
  items: readonly Named[],
): readonly Named[] {
  const counts = new Map<string, number>();
  return items.map((item) => {
    const key = `${item.kind} ${item.name}`;
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return count === 1 ? item : { ...item, name: `${item.name}#${count}` };
  });
}
