/** The account of the official files in the native twin, as text: a line for each and a total. */
import type { TwinResult } from "../../harness/native/run-twin.ts";
import { empty, row, words } from "../../harness/report/section/cells.ts";
import type { Row } from "../../harness/report/section/section.ts";
import { terminalTable } from "../../harness/report/terminal/table.ts";

/** What the account says of a file (suites/official/account-type.ts). */
export type Accounted = { readonly file: string } & (
  | { readonly run: "whole" }
  | { readonly run: "cut"; readonly cuts: readonly { readonly why: string }[] }
  | { readonly run: "not-run"; readonly reason: string }
);

const bytesPerKilobyte = 1024;

export function nativeLines(
  account: readonly Accounted[],
  results: readonly TwinResult[],
): readonly string[] {
  return terminalTable({
    columns: [
      { title: "file" },
      { title: "run" },
      { title: "cuts", isFigure: true },
      { title: "ms", isFigure: true },
      { title: "heap peak KB", isFigure: true },
      { title: "" },
    ],
    rows: account.map((each) => {
      const result = results.find(({ file }) => file === each.file);
      return result === undefined ? rowOfMissing(each) : rowOf(each, result);
    }),
  });
}

function rowOfMissing(each: Accounted): Row {
  const reason = each.run === "not-run" ? each.reason : "it did not run";
  return row(words(each.file), words("not run"), words(cutsOf(each)), empty, empty, words(reason));
}

function rowOf(each: Accounted, result: TwinResult): Row {
  const whys = each.run === "cut" ? each.cuts.map(({ why }) => `cut: ${why}`) : [];
  const notes = [...whys, ...result.messages.map((text) => `its own words: ${text}`)];
  const { heapPeakBytes } = result;
  const peak = heapPeakBytes === 0 ? "" : String(Math.round(heapPeakBytes / bytesPerKilobyte));
  return row(
    words(each.file),
    words(result.problem === undefined ? each.run : "FAILED"),
    words(cutsOf(each)),
    words(String(Math.round(result.durationMs))),
    words(peak),
    words(notes.join("; ")),
  );
}

function cutsOf(each: Accounted): string {
  return each.run === "cut" ? String(each.cuts.length) : "";
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
