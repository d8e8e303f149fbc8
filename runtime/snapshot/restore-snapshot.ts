/** From a snapshot to an instance that has its state. */
import { failureName } from "../abi/abi.ts";
import { bytesOfLatin1 } from "../bytes/latin1.ts";
import { shown } from "../check/shown.ts";
import { decodeBody } from "../graph/decode-body.ts";
import type { GraphObject, SnapshotGraph } from "../graph/graph.ts";
import type { SnapshotLimits } from "../graph/limits.ts";
import { chainMax, isCrowded } from "../graph/number-chains.ts";
import { hasLongChain } from "../graph/string-chains.ts";
import type { StateOptions } from "../instance/configuration.ts";
import { misnumbered } from "../instance/host-functions.ts";
import type { Instance } from "../instance/instance.ts";
import type { InstanceSource, Replacement } from "../instance/instance-source.ts";
import { type Failure, failureOf, meaningOf } from "../instance/result.ts";
import { IdMap } from "../map/id-map.ts";
import { lenientTextOf } from "../scalar/scalars.ts";
import { behavioursOfState, hostFunctionsIn } from "./data-alone.ts";
import type { HostSection } from "./host-section.ts";
import { missingFor, putHostSection } from "./host-state.ts";
import { refusalsText } from "./refusals.ts";
import { type ReadSnapshot, readSaved, type Saved, type Trust } from "./saved.ts";

const remedy =
  "open it with its key (openSnapshot), or, where you trust whoever made it, restore it with " +
  '{ bytecode: "trusted" }';
/** A stranger leaves room for all tables that this core will ever make. */
const strangerIdMax = 2 ** 29;

export interface RestoreOptions extends Trust, Pick<StateOptions, "failAllocation" | "failCount"> {
  /** How much is taken at most. */
  readonly limits?: Partial<SnapshotLimits>;
}

/** Throws UsageError for what are no bytes. */
export function restoreSnapshot(
  source: InstanceSource,
  { saved, options }: { readonly saved: Saved; readonly options: RestoreOptions },
): Replacement {
  const read = readSaved(saved, { kind: "snapshot", ...options });
  if (!read.ok) return read;
  const { body, isTrusted } = read;
  const missing = missingFor(read.host, source.environment);
  if (missing !== undefined) return missing;
  const section = isTrusted
    ? read.host
    : strangerSection(source, { ...read, limits: options.limits });
  if ("ok" in section) return section;
  const made = source.replacement((instance) => {
    putHostSection(instance.host, section);
    return (
      configure(instance, { source, options }) ??
      restoreBody(instance, { body, isTrusted }) ??
      // What was to fail while it was restored fails no more.
      (options.failAllocation === undefined ? undefined : configure(instance, { source }))
    );
  });
  if (made.ok) {
    const nextTable = isTrusted ? section.nextTable : Math.min(section.nextTable, strangerIdMax);
    source.environment.tables.skipIdsBelow(nextTable);
  }
  return made;
}

/**
 * Of a snapshot that nobody vouches for: the part of its host section that is used, or why it is
 * refused.
 */
function strangerSection(
  source: InstanceSource,
  snapshot: ReadSnapshot & { readonly limits: Partial<SnapshotLimits> | undefined },
): HostSection | Failure {
  const { functionCount, host: section, body, limits } = snapshot;
  if (functionCount > 0) {
    return failureOf(
      "BAD_SNAPSHOT",
      `the snapshot holds Lua functions (${functionCount}), which are bytecode, and bytecode ` +
        `of a stranger can do anything with the core: ${remedy}`,
    );
  }
  const decoded = decodeBody(body, limits);
  if (!decoded.ok) return failureOf("BAD_SNAPSHOT", decoded.reason);
  const isCrowdedHere = (object: GraphObject) => isCrowded(object, chainMax.state);
  if (hasLongChain(decoded.graph) || decoded.graph.objects.some(isCrowdedHere)) {
    return failureOf("BAD_SNAPSHOT", "its keys were chosen to make Lua search for ever");
  }
  const fresh = source.freshState();
  if ("ok" in fresh) return fresh;
  const saved = { graph: decoded.graph, functionNames: section.functions };
  const refusals = behavioursOfState(saved, fresh);
  const { refused, count } = refusals;
  if (count === 0 && section.iterators.length === 0) {
    return usedFunctions(decoded.graph, section, source.environment.registered.keys());
  }
  const found = count === 0 ? "an open loop over an external table" : refusalsText(refusals);
  return {
    ...failureOf(
      "BAD_SNAPSHOT",
      `the snapshot holds more than data, and nobody vouches for it: ${found}; ${remedy}`,
    ),
    refused,
  };
}

/** The section with the functions that the state uses, unless one has a number of another. */
function usedFunctions(
  graph: SnapshotGraph,
  section: HostSection,
  registered: Iterable<string>,
): HostSection | Failure {
  const used = hostFunctionsIn(graph);
  const functions = [...section.functions].filter(([id]) => used.has(id));
  const foreign = misnumbered(functions, registered);
  if (foreign === undefined) return { ...section, functions: new IdMap(functions) };
  const name = shown(lenientTextOf(bytesOfLatin1(foreign[1])));
  return failureOf("BAD_SNAPSHOT", `the host function ${name} has the number of another`);
}

function restoreBody(
  instance: Instance,
  { body, isTrusted }: { readonly body: Uint8Array; readonly isTrusted: boolean },
): Failure | undefined {
  const answer = instance.restoreState(body, { isTrusted });
  if (typeof answer === "number") return undefined;
  const { code, message, cause } = answer;
  return failureOf(code, message, cause);
}

function configure(
  instance: Instance,
  parts: { readonly source: InstanceSource; readonly options?: RestoreOptions },
): Failure | undefined {
  const { failAllocation, failCount } = parts.options ?? {};
  // An option that is absent leaves the core's own as it is.
  const changes = {
    ...(failAllocation === undefined ? {} : { failAllocation }),
    ...(failCount === undefined ? {} : { failCount }),
  };
  const status = parts.source.configure(instance, changes);
  if (status >= 0) return undefined;
  const code = failureName(status) ?? "BAD_VALUE";
  return failureOf(code, `the core refused an option: ${meaningOf(code)}`);
}
