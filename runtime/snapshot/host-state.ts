/** The host's side of a state: taken from one instance's host, put into another's. */

import { bytesOfLatin1 } from "../bytes/latin1.ts";
import { cut } from "../check/shown.ts";
import type { Environment } from "../instance/environment.ts";
import type { Host } from "../instance/host.ts";
import { type Failure, failureOf } from "../instance/result.ts";
import { lenientTextOf } from "../scalar/scalars.ts";
import type { HostSection } from "./host-section.ts";

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
    const shown = firstOf(names).map((name) => JSON.stringify(lenientTextOf(bytesOfLatin1(name))));
    return failureOf(
      "NOT_FOUND",
      `the state calls host functions that this core does not have: ${listed(shown, names)}; ` +
        "register them first",
    );
  }
  const ids = [...section.handles.keys(), ...section.iterators.map(({ tableId }) => tableId)];
  const missing = ids.filter((id) => tables.find(id) === undefined);
  if (missing.length === 0) return undefined;
  const shown = firstOf(missing).map(String);
  return failureOf(
    "UNKNOWN_TABLE",
    `the state refers to external tables that this core does not have: ` +
      `${listed(shown, missing)}; load the tables first`,
  );
}

/** A message names the first of what is missing: of so many at most, so many different ones. */
const shownMax = 10;
const lookedAtMax = 100;
const nameMax = 60;

function firstOf<Item>(items: readonly Item[]): readonly Item[] {
  return [...new Set(items.slice(0, lookedAtMax))].slice(0, shownMax);
}

function listed(shown: readonly string[], all: readonly unknown[]): string {
  const rest = all.length > shown.length && all.length > lookedAtMax;
  return `${shown.map((each) => cut(each, nameMax)).join(", ")}${rest ? " and others" : ""}`;
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
