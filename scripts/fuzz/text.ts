/** What `npm run fuzz` prints: counts for each variant, and the programs that differ. */
import { npmRun } from "../../harness/build/shell-word.ts";
import type { Finding } from "../../harness/fuzz/finding.ts";
import type { FuzzResult } from "../../harness/fuzz/fuzz.ts";
import { type Answer, nativeName } from "../../harness/fuzz/side.ts";
import type { FuzzTarget } from "../../harness/fuzz/target.ts";
import { formatCount } from "../../harness/report/format.ts";
import { duration } from "../progress/words.ts";

/** What a person reads of a broken core; the rest is in the file. */
const findingsShownMax = 5;
const kindsShownMax = 30;

export interface ShownResult {
  readonly target: FuzzTarget;
  readonly result: FuzzResult;
  readonly sides: readonly string[];
  readonly durationMs: number;
  readonly runs: number;
  readonly seed: number;
  /** The arguments that say what is fuzzed. */
  readonly subjects: readonly string[];
  readonly findingsPath: string;
}

export function resultText(shown: ShownResult): string {
  const { target, result, sides, durationMs, findingsPath } = shown;
  const { counts, findings } = result;
  const cases = formatCount(counts.programs * target.casesPerProgram);
  const programs = formatCount(counts.programs);
  const width = Math.max(...[...sides, nativeName].map((side) => side.length));
  const broken = counts.differing[nativeName];
  const lines = [
    `${target.name}: ${cases} cases in ${programs} programs, ${duration(durationMs)}`,
    ...sides.map((side) => `  ${side.padEnd(width)}  ${differing(counts.differing[side] ?? 0)}`),
    ...(broken === undefined ? [] : [`  ${nativeName.padEnd(width)}  broke ${broken} times`]),
    ...Object.entries(counts.setAside).map(
      ([what, count]) => `  not compared, ${what}: ${formatCount(count)} programs`,
    ),
    ...oneOfEachKind(findings)
      .slice(0, findingsShownMax)
      .flatMap((each) => findingText(each, shown)),
    ...kindLines(findings),
    ...(findings.length === 0 ? [] : [`  all ${findings.length} of them: ${findingsPath}`]),
    `  repeat: ${commandOf(shown, ["--runs", String(shown.runs)])}`,
    ...tallyLines(shown),
  ];
  return `${lines.join("\n")}\n`;
}

/** A line for each side whose answers were counted by what they are: all that a run came to. */
function tallyLines({ target, result, sides, seed }: ShownResult): readonly string[] {
  const { programs, tallies, differing } = result.counts;
  if (Object.keys(tallies).length === 0) return [];
  return sides.map((side) => {
    const counts = Object.entries(tallies)
      .filter(([what]) => what.startsWith(`${side}: `))
      .map(([what, count]) => `${count} ${what.slice(side.length + 2)}`)
      .toSorted();
    const found = `${differing[side] ?? 0} findings`;
    return [`${target.name} ${side}: ${programs}`, ...counts, `seed ${seed}`, found].join(", ");
  });
}

/** How it failed, figures left out: alike for findings of one fault, as far as a text can tell. */
function kindOf({ native, other }: Finding): string {
  const { text } = native.kind === "broken" ? native : other;
  return (text.split("\n", 1)[0] ?? "").replace(/\d+/g, "N");
}

/** The smallest of each kind. */
function oneOfEachKind(findings: readonly Finding[]): readonly Finding[] {
  const kinds = Map.groupBy(findings.toSorted(bySize), kindOf);
  return [...kinds.values()].flatMap((alike) => alike.slice(0, 1));
}

/** How many there are of each kind, where they are of fewer. */
function kindLines(findings: readonly Finding[]): readonly string[] {
  const kinds = [...Map.groupBy(findings, kindOf)].toSorted(([, a], [, b]) => b.length - a.length);
  if (kinds.length === findings.length) return [];
  return kinds.slice(0, kindsShownMax).map(([kind, alike]) => `  ${alike.length} times: ${kind}`);
}

function differing(count: number): string {
  return count === 0 ? "0 differences" : `${formatCount(count)} programs differ`;
}

function commandOf(
  { target, seed, subjects }: Pick<ShownResult, "target" | "seed" | "subjects">,
  extent: readonly string[],
): string {
  const suite = ["--suite", target.name, ...extent, "--seed", String(seed)];
  return npmRun("fuzz", [...suite, ...subjects]);
}

/** What was made small first, and of that the smallest. */
function bySize(a: Finding, b: Finding): number {
  return Number(a.state === "raw") - Number(b.state === "raw") || sizeOf(a) - sizeOf(b);
}

function sizeOf({ programs }: Finding): number {
  return programs.reduce((sum, program) => sum + program.length, 0);
}

function findingText(finding: Finding, shown: ShownResult): readonly string[] {
  const { target } = shown;
  const { batch, index, programs, sides, native, other } = finding;
  const how = { raw: "as found", shrunk: "made small", order: "only in this order" };
  return [
    "",
    `${sides.join(", ")} differ: program ${index} of batch ${batch}, ${how[finding.state]}`,
    ...programs.flatMap((program, place) => [
      ...(programs.length > 1 ? [`  -- ${place + 1} of ${programs.length}`] : []),
      ...program.split("\n").map((line) => `  | ${line}`),
    ]),
    `  ${target.sides?.reference ?? nativeName}: ${answerText(native)}`,
    `  ${sides[0] ?? ""}: ${answerText(other)}`,
    `  again: ${commandOf(shown, ["--batch", String(batch)])}`,
    "",
  ];
}

/** Line by line, each byte that is no printable character as \xHH. */
function answerText({ kind, text }: Answer): string {
  const shown = text.replace(/[^\n -~]/g, (character) => {
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
  return `(${kind}) ${shown.split("\n").join("\n    ")}`;
}

export function findingLine({ suite, state, sides, batch, index, native }: Finding): string {
  const what = native.kind === "broken" ? native.text : `${sides.join(", ")} differ`;
  const how = state === "raw" ? "found" : state;
  return `${suite}: ${how}: batch ${batch}, program ${index}: ${what}`;
}
