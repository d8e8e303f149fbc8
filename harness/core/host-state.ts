/** The host's side of a state: taken from one instance's host, put into another's. */
import type { Environment } from "./environment.ts";
import type { Host } from "./host.ts";
import type { HostSection } from "./host-section.ts";
import { type Failure, failureOf } from "./result.ts";
import { lenientTextOf } from "./scalars.ts";
import { bytesOfLatin1 } from "./table-key.ts";

export function hostSectionOf(host: Host): HostSection {
  return {
    functions: host.functions.names(),
    handles: host.handles.byId(),
    iterators: host.iterators.places(),
    nextTable: host.tables.nextId,
  };
}

/** What a state needs and this host does not have, before anything is made of the state. */
export function missingFor(section: HostSection, environment: Environment): Failure | undefined {
  const { registered, tables } = environment;
  const names = [...section.functions.values()].filter((name) => !registered.has(name));
  if (names.length > 0) {
    const shown = [...new Set(names)].map((name) => `"${lenientTextOf(bytesOfLatin1(name))}"`);
    return failureOf(
      "NOT_FOUND",
      `the state calls host functions that this core does not have: ${shown.join(", ")}; ` +
        "register them first",
    );
  }
  const ids = [...section.handles.keys(), ...section.iterators.map(({ tableId }) => tableId)];
  const missing = new Set(ids.filter((id) => tables.find(id) === undefined));
  if (missing.size === 0) return undefined;
  return failureOf(
    "UNKNOWN_TABLE",
    `the state refers to external tables that this core does not have: ` +
      `${[...missing].join(", ")}; load the tables first`,
  );
}

/**
 * Into the host of an instance that is in the making: nothing of what it shares with others is
 * changed. Of a section that nothing is missing for. Handles are put by `putHandles`, or by the
 * guest.
 */
export function putHostSection(host: Host, section: HostSection): void {
  host.functions.bind(section.functions, host.environment.registered);
  host.iterators.reopen(section.iterators);
}

/** For an image: its guest has its handles already and asks for none. */
export function putHandles(host: Host, { handles }: HostSection): void {
  for (const [id, count] of handles) {
    const store = host.tables.find(id);
    if (store !== undefined) host.handles.retain(store, count);
  }
}
