/** `npm run matrix -- ledger`: where the bytes of a wasm are, why, and what changed between two. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { luaFolder, provisionLua } from "../../harness/build/provision/lua.ts";
import { ledgerDifference } from "../../harness/ledger/difference.ts";
import { type Ledger, ledgerOf } from "../../harness/ledger/ledger.ts";
import { ledgerRecord } from "../../harness/ledger/ledger-record.ts";
import { readSources } from "../../harness/ledger/read-sources.ts";
import type { SourceIndex } from "../../harness/ledger/sources.ts";
import { variantById } from "../../harness/variant/list.ts";
import { WasmFormatError } from "../../harness/wasm/module.ts";
import type { Invocation } from "../command/invocation.ts";
import { linesTo } from "../command/lines.ts";
import { UsageError } from "../command/usage.ts";
import { builtArtifacts } from "../subject/run-context.ts";
import { fileSubject, subjectOf } from "../subject/select.ts";
import type { LedgerCommand } from "./options.ts";
import { differenceText, ledgerText, whyText } from "./text.ts";

/** Exit code 3 when a build fails, else 0. Throws UsageError. */
export async function showLedger(command: LedgerCommand, invocation: Invocation): Promise<number> {
  const { stdout } = invocation;
  const found = await bytesOf([command.target, command.against], invocation);
  if (!found.ok) {
    stdout.write(`${found.message}\n`);
    return 3;
  }
  const { root, environment, signal, stderr } = invocation;
  const progress = linesTo(stderr);
  await provisionLua({ root, environment, progress, signal });
  const sources = await readSources({ root, luaFolder: luaFolder(invocation) });
  const [measured, before] = found.modules.map((module) => measure(module, sources));
  if (measured !== undefined) stdout.write(textOf(command, { measured, before }));
  return 0;
}

/** A wasm and, where there is one, the twin that has its names. */
interface NamedModule {
  readonly id: string;
  /** As the command line has it: two files may bear one name. */
  readonly title: string;
  readonly axes: Readonly<Record<string, string>>;
  readonly wasm: Uint8Array;
  readonly named?: Uint8Array;
}

type Found =
  | { readonly ok: true; readonly modules: readonly NamedModule[] }
  /** A build failed. */
  | { readonly ok: false; readonly message: string };

async function bytesOf(
  targets: readonly (string | undefined)[],
  invocation: Invocation,
): Promise<Found> {
  const modules: NamedModule[] = [];
  for (const target of targets) {
    if (target === undefined) continue;
    const module = await moduleOf(target, invocation);
    if (typeof module === "string") return { ok: false, message: module };
    modules.push(module);
  }
  return { ok: true, modules };
}

/** The message of a build that failed, as text. */
async function moduleOf(target: string, invocation: Invocation): Promise<NamedModule | string> {
  const variant = variantById(target);
  if (variant === undefined) return await fileModule(target, invocation.root);
  const subject = subjectOf(variant);
  const progress = linesTo(invocation.stderr);
  const { artifactOf } = await builtArtifacts({ invocation, force: false, progress });
  const onStep = (step: string): void => progress(`build ${target}: ${step}`);
  const result = await artifactOf(subject, { onStep, signal: invocation.signal });
  if (!result.ok) return `the build of ${target} failed:\n${result.message}`;
  const { wasmPath, namedPath } = result.artifact;
  const wasm = await readFile(wasmPath);
  return {
    ...subject,
    title: target,
    wasm,
    ...(namedPath === undefined ? {} : { named: await readFile(namedPath) }),
  };
}

/** "core.named.wasm" beside "core.wasm" has its names. */
async function fileModule(file: string, root: string): Promise<NamedModule> {
  const path = resolve(root, file);
  if (!existsSync(path)) {
    throw new UsageError(`"${file}" is neither a variant (npm run matrix -- list) nor a file`);
  }
  const twin = path.replace(/\.wasm$/, ".named.wasm");
  const wasm = await readFile(path);
  const subject = { ...fileSubject(basename(path)), title: file };
  if (twin === path || !existsSync(twin)) return { ...subject, wasm };
  return { ...subject, wasm, named: await readFile(twin) };
}

interface Measured {
  readonly module: NamedModule;
  readonly ledger: Ledger;
}

function measure(module: NamedModule, sources: SourceIndex): Measured {
  try {
    return { module, ledger: ledgerOf({ ...module, sources }) };
  } catch (error) {
    if (!(error instanceof WasmFormatError)) throw error;
    throw new UsageError(`${module.title} is not a wasm module: ${error.message}`, {
      cause: error,
    });
  }
}

function textOf(
  { why, json, top }: LedgerCommand,
  { measured, before }: { readonly measured: Measured; readonly before: Measured | undefined },
): string {
  const { module, ledger } = measured;
  if (before !== undefined) {
    const difference = ledgerDifference(before.ledger, ledger);
    if (json) return toJson(difference);
    return differenceText(difference, { before: before.module.title, after: module.title, top });
  }
  if (why === undefined) {
    if (json) return toJson(ledgerRecord(ledger, { variant: module.id, axes: module.axes }));
    return ledgerText(ledger, { title: module.title, top });
  }
  const answer = ledger.why(why);
  if (answer === undefined)
    throw new UsageError(`${module.title} has no "${why}"${likely(ledger, why)}`);
  return json ? toJson(answer) : whyText(answer);
}

const suggestionsMax = 5;

/** Names that hold the one given, in whatever case. */
function likely({ items }: Ledger, name: string): string {
  const close = items.filter((item) => item.name.toLowerCase().includes(name.toLowerCase()));
  const names = close.slice(0, suggestionsMax).map((item) => item.name);
  return names.length === 0 ? "" : `; there are: ${names.join(", ")}`;
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
