/** The account of the official files in the native twin, as text: a line for each and a total. */
import type { TwinResult } from "./run-twin.ts";

/** What the account says of a file (suites/official/account-type.ts). */
export type Accounted = { readonly file: string } & (
  | { readonly run: "whole" }
  | { readonly run: "cut"; readonly cuts: readonly { readonly why: string }[] }
  | { readonly run: "not-run"; readonly reason: string }
);

const bytesPerKilobyte = 1024;
/** Columns of the figures: cuts, ms, heap peak. */
const widths = [5, 8, 14];

export function nativeRows(
  account: readonly Accounted[],
  results: readonly TwinResult[],
): readonly string[] {
  return [
    row(["file", "run", "cuts", "ms", "heap peak KB"], ""),
    ...account.map((each) =>
      rowOf(
        each,
        results.find(({ file }) => file === each.file),
      ),
    ),
  ];
}

function rowOf(each: Accounted, result: TwinResult | undefined): string {
  const cuts = each.run === "cut" ? String(each.cuts.length) : "";
  const whys = each.run === "cut" ? each.cuts.map(({ why }) => `cut: ${why}`) : [];
  if (result === undefined) {
    const reason = each.run === "not-run" ? each.reason : "it did not run";
    return row([each.file, "not run", cuts, "", ""], reason);
  }
  const how = result.problem === undefined ? each.run : "FAILED";
  const notes = [...whys, ...result.messages.map((text) => `its own words: ${text}`)];
  const { heapPeakBytes } = result;
  const peak = heapPeakBytes === 0 ? "" : String(Math.round(heapPeakBytes / bytesPerKilobyte));
  const cells = [each.file, how, cuts, String(Math.round(result.durationMs)), peak];
  return row(cells, notes.join("; "));
}

function row([file = "", how = "", ...figures]: readonly string[], notes: string): string {
  const cells = figures.map((figure, index) => figure.padStart(widths[index] ?? 0)).join("");
  return `${file.padEnd(12)}${how.padEnd(8)}${cells}  ${notes}`.trimEnd();
}

/** "33 of 33 files accounted for: …": one that failed or did not run, though it should, is not. */
export function nativeTotal(account: readonly Accounted[], results: readonly TwinResult[]): string {
  const passed = new Set(
    results.filter(({ problem }) => problem === undefined).map(({ file }) => file),
  );
  const whole = account.filter(({ file, run }) => run === "whole" && passed.has(file));
  const cut = account.flatMap((each) =>
    each.run === "cut" && passed.has(each.file) ? [each.cuts.length] : [],
  );
  const blocks = cut.reduce((sum, count) => sum + count, 0);
  const notRun = account.filter(({ run }) => run === "not-run").length;
  const accounted = whole.length + cut.length + notRun;
  return (
    `${accounted} of ${account.length} files accounted for: ${whole.length} run whole, ` +
    `${cut.length} with cuts (${blocks} blocks), ${notRun} not runnable (reasons above)`
  );
}
