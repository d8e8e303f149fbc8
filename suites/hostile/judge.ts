/** What a mutant came to: refused with all as it was, or accepted and used without a fault. */
import type { Core } from "../../runtime/core/core.ts";
import type { Guest } from "../../runtime/instance/guest.ts";
import type { Host } from "../../runtime/instance/host.ts";
import type { Wiring } from "../../runtime/instance/instantiate.ts";
import type { Failure, Result } from "../../runtime/instance/result.ts";

/** `failure`: what went wrong, in words that are the same for the same fault. */
export type Verdict =
  /** `unusable`: accepted, but what Lua uses it with is gone, or raises. */
  | { readonly kind: "accepted" | "refused" | "unusable" }
  | { readonly kind: "failed"; readonly failure: string };

export const accepted: Verdict = { kind: "accepted" };
export const refused: Verdict = { kind: "refused" };
export const unusable: Verdict = { kind: "unusable" };

export function failed(failure: string): Verdict {
  return { kind: "failed", failure };
}

/** What a core's instances are made of, the latest last. */
export class Watched {
  readonly instances: { readonly guest: Guest; readonly host: Host }[] = [];
  readonly wiring: Wiring = {
    imports: (imports) => imports,
    guest: ({ guest, host }) => {
      this.instances.push({ guest, host });
      return guest;
    },
  };
}

/** A failure that no bytes may lead to; undefined for one that is an answer. */
export function fault({ code, error, cause }: Failure, allowed: readonly string[]) {
  const text = String(error);
  if (text.includes("trapped")) return `trap: ${messageOf(cause)}`;
  if (allowed.includes(code)) return undefined;
  return code === "POISONED" ? `trap: ${messageOf(cause)}` : `code ${code}: ${text}`;
}

/** What a use in Lua found; undefined for nothing. */
export function faultOfUse(result: Result): string | undefined {
  if (!result.ok) return fault(result, ["RUNTIME_FAILED", "OUT_OF_MEMORY", "COMPILE_FAILED"]);
  const text = String(result.values[0] ?? "");
  return text === "" || text === "refused" ? undefined : text;
}

export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
}

/** All of the host's that a refused mutant must leave as it is, as one text. */
export function hostText(core: Core, { host }: { readonly host: Host }): string {
  const { registry } = core.tables;
  const tables = [...registry.all()].map(({ id, name, handles, usage, entries }) => {
    return [id, name, handles, usage, [...entries].map(([key, value]) => `${key}=${value}`).join()];
  });
  const { functions, handles, iterators, environment } = host;
  return JSON.stringify([
    registry.nextId,
    registry.account.used,
    tables,
    [...functions.names()],
    [...handles.byId()],
    iterators.places(),
    [...environment.registered.keys()],
  ]);
}
