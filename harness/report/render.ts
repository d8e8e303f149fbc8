/** Rendering: one model, six formats, and where they are written. */
import { join } from "node:path";
import { keepFile } from "../record/kept-file.ts";
import { renderBenchmarkJson } from "./benchmark-json.ts";
import { renderCtrf } from "./ctrf.ts";
import { renderHtml } from "./html/page.ts";
import { renderJunit } from "./junit.ts";
import { renderMarkdown } from "./markdown/report.ts";
import type { ReportModel } from "./schema.ts";

export type ReportName =
  | "report.json"
  | "report.md"
  | "report.html"
  | "junit.xml"
  | "ctrf.json"
  | "benchmark.json";

/** Every format by its file's name; the same model gives the same text. */
export async function renderReports(model: ReportModel): Promise<ReadonlyMap<ReportName, string>> {
  return new Map<ReportName, string>([
    ["report.json", `${JSON.stringify(model, undefined, 1)}\n`],
    ["report.md", renderMarkdown(model)],
    ["report.html", await renderHtml(model)],
    ["junit.xml", renderJunit(model)],
    ["ctrf.json", renderCtrf(model)],
    ["benchmark.json", renderBenchmarkJson(model)],
  ]);
}

/**
 * Writes every format into `directory`, each whole or not at all. Returns the paths. Throws
 * WriteError.
 */
export async function writeReports(
  model: ReportModel,
  directory: string,
): Promise<readonly string[]> {
  const reports = await renderReports(model);
  return [...reports].map(([name, text]) => {
    const path = join(directory, name);
    keepFile(path, text);
    return path;
  });
}
