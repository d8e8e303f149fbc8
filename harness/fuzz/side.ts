/** A side of a comparison: something that runs programs and answers with a text. */
import type { Core } from "../../runtime/core/core.ts";
import { loadCore } from "../../runtime/core/load.ts";
import type { Failure, Result } from "../../runtime/instance/result.ts";
import { LuaBytes } from "../../runtime/scalar/scalars.ts";

/** What a program came to on one side; a text has one character for each byte. */
export type Answer =
  | {
      readonly kind: "text";
      readonly text: string;
      /** What it is counted as, beside what is compared. */
      readonly tally?: string;
    }
  /** The chunk itself raised, or did not compile: a generator lets programs catch their errors. */
  | { readonly kind: "error"; readonly text: string }
  /** The side broke: a trap, an exception of the host, or no answer in time. */
  | { readonly kind: "broken"; readonly text: string };

export interface Side {
  readonly name: string;
  /** A fresh state with the prelude loaded. Throws SideError when the prelude does not run. */
  readonly renew: () => Promise<void>;
  readonly answer: (program: string) => Promise<Answer>;
}

/** The sides of a comparison; all are compared with the first, which most often is the twin. */
export interface Sides {
  readonly native: Side;
  readonly others: readonly Side[];
}

/** A side can't be used at all: a prelude that fails, a twin that does not start. */
export class SideError extends Error {
  override readonly name = "SideError";
}

/**
 * The native twin, as harness/native gives it: once a request is rejected, all are. It ends with
 * the worker that asks it.
 */
export interface Twin {
  eval(code: Uint8Array): Promise<{ readonly ok: boolean; readonly bytes: Uint8Array }>;
  reset(): Promise<void>;
}

/** What the twin says of a chunk that returns anything else; here too, for both to agree. */
const notText = "(not a string)";

/** What the native side is called among the others. */
export const nativeName = "native";

/** Error texts are cut to this in a frame (docs/FORMATS.md), and so on both sides here. */
const errorBytesMax = 190;

/** A variant that programs run on. */
export interface FuzzSubject {
  readonly name: string;
  readonly module: WebAssembly.Module;
  readonly prelude: string;
  /** As FuzzTarget has it. */
  readonly loadsText?: true;
}

/** A fresh core with the prelude loaded. Throws SideError when the prelude does not run. */
export async function freshCore(subject: FuzzSubject): Promise<Core> {
  const { name, module, prelude, loadsText } = subject;
  const bytecode = loadsText === true ? "text" : "trusted";
  // Fixed seeds, so that each run is the same.
  const options = { strings: "bytes", integers: "bigint", bytecode, seed: 1 } as const;
  const core = await loadCore(module, options);
  const started = core.compute(prelude);
  if (started.ok) return core;
  throw new SideError(`${name}: the prelude fails: ${textOf(started.error)}`);
}

/** One compiled module, a fresh core at each renewal and after each trap. */
export function coreSide(subject: FuzzSubject): Side {
  // One renewal serves all programs that wait for it, so that they keep their order.
  let ready: Promise<Core> | undefined;
  const renewed = (): Promise<Core> => freshCore(subject);
  return {
    name: subject.name,
    renew: async () => {
      ready = renewed();
      await ready;
    },
    answer: async (program) => {
      ready ??= renewed();
      const answer = answerOf((await ready).compute(program));
      if (answer.kind === "broken") ready = undefined;
      return answer;
    },
  };
}

/** The answer that a core's result is. */
export function answerOf(result: Result): Answer {
  if (!result.ok) return failureAnswer(result);
  const [value] = result.values;
  if (result.values.length === 1 && value instanceof LuaBytes) {
    return { kind: "text", text: textOf(value) };
  }
  return { kind: "error", text: notText };
}

function isBroken({ code }: Failure): boolean {
  return code !== "COMPILE_FAILED" && code !== "RUNTIME_FAILED" && code !== "OUT_OF_MEMORY";
}

function failureAnswer(failure: Failure): Answer {
  const text = textOf(failure.error);
  if (!isBroken(failure)) return { kind: "error", text: text.slice(0, errorBytesMax) };
  const cause = failure.cause instanceof Error ? `: ${failure.cause.message}` : "";
  return { kind: "broken", text: `${failure.code}: ${text}${cause}` };
}

/** One twin, another where that has ended. */
export function twinSide(options: { readonly start: () => Twin; readonly prelude: string }): Side {
  const { start, prelude } = options;
  let twin: Twin | undefined;
  let ready: Promise<Twin> | undefined;
  const renewed = async (): Promise<Twin> => {
    const started = twin ?? start();
    twin = started;
    await started.reset();
    const { ok, bytes } = await started.eval(Buffer.from(`${prelude}\nreturn ""`));
    if (ok) return started;
    throw new SideError(`${nativeName}: the prelude fails: ${textOf(bytes)}`);
  };
  return {
    name: nativeName,
    renew: async () => {
      ready = renewed();
      await ready;
    },
    answer: async (program) => {
      ready ??= renewed();
      const asked = await ready;
      try {
        const { ok, bytes } = await asked.eval(Buffer.from(program));
        const text = textOf(bytes);
        return ok ? { kind: "text", text } : { kind: "error", text: text.slice(0, errorBytesMax) };
      } catch (error) {
        if (asked === twin) {
          twin = undefined;
          ready = undefined;
        }
        return { kind: "broken", text: error instanceof Error ? error.message : String(error) };
      }
    },
  };
}

function textOf(value: unknown): string {
  const bytes = value instanceof LuaBytes ? value.toBytes() : value;
  return bytes instanceof Uint8Array ? Buffer.from(bytes).toString("latin1") : String(value);
}
