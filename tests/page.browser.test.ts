/** report.html as a person meets it, in Chromium: wide and narrow, light and dark. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "@playwright/test";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { baselineRecords } from "../harness/record/baseline.ts";
import type { ResultRecord } from "../harness/record/record.ts";
import { readBudgets } from "../harness/report/budget.ts";
import { fixtureRecords } from "../harness/report/fixture.ts";
import { fixtureClassic } from "../harness/report/fixture-measures.ts";
import { findChromium } from "../harness/report/html/chromium.ts";
import { renderHtml } from "../harness/report/html/page.ts";
import { reportModel } from "../harness/report/model.ts";
import {
  accessibleNames,
  chooseFilter,
  contrasts,
  headings,
  linkTargets,
  pageWidth,
} from "./page-probes.fixture.ts";

const found = await findChromium(process.env);
const whySkipped = found.path === undefined ? `, skipped without one: ${found.missing}` : "";
if (whySkipped !== "") process.stderr.write(`report.html in Chromium${whySkipped}\n`);

const contrastMin = 4.5;
const views = [1280, 400].flatMap((widthPx) =>
  (["light", "dark"] as const).map((scheme) => ({ widthPx, scheme })),
);

/** What is read of axe's answer: https://github.com/dequelabs/axe-core, doc/API.md. */
const axeResults = z.object({
  passes: z.array(z.unknown()),
  violations: z.array(
    z.object({
      ...{ id: z.string(), impact: z.string().nullable() },
      nodes: z.array(z.object({ html: z.string() })),
    }),
  ),
});

let browser: Browser;
let folder = "";

/** axe takes minutes for the tables of 48 variants; those of six are made of the same parts. */
function isOfFew(record: ResultRecord): boolean {
  if (!("axes" in record) || Object.keys(record.axes).length === 0) return true;
  const { target, optimize, unwind, post } = record.axes;
  const isShipped = target === "freestanding" && post === "opt";
  const isFew = isShipped && (optimize === "ReleaseSmall" || unwind === "exnref");
  return isFew || (target === "wasi" && optimize === "Debug" && unwind === "eh");
}

function savedRuns(records: readonly ResultRecord[]) {
  return ["01", "02", "03"].map((day) =>
    baselineRecords(records).map((record) =>
      record.kind === "run" ? { ...record, startedAt: `2026-07-${day}T10:00:00.000Z` } : record,
    ),
  );
}

/** `sound` has good news and `troubled` all kinds of bad; `few` is troubled with few variants. */
const reportNames = ["sound", "troubled", "few"] as const;
type ReportName = (typeof reportNames)[number];

/** The report of a run, as a file. */
async function writeReport(name: ReportName): Promise<string> {
  const kept = (records: readonly ResultRecord[]) =>
    name === "few" ? records.filter(isOfFew) : records;
  const earlier = kept(fixtureRecords({ troubled: false }));
  const model = reportModel({
    records: kept(fixtureRecords({ troubled: name !== "sound" })),
    baseline: baselineRecords(earlier),
    budgets: readBudgets(join(import.meta.dirname, "../reports/budgets.json")),
    ...{ classic: fixtureClassic, recordsPath: "records.jsonl" },
    ...(name === "sound" ? {} : { before: earlier, history: savedRuns(earlier) }),
  });
  const path = join(folder, `${name}.html`);
  await writeFile(path, await renderHtml(model));
  return pathToFileURL(path).href;
}

describe.skipIf(found.path === undefined)(`report.html in Chromium${whySkipped}`, () => {
  const reports = new Map<string, string>();
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "report-"));
    for (const name of reportNames) reports.set(name, await writeReport(name));
    // Chromium's sandbox refuses root.
    const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
    browser = await chromium.launch({ executablePath: found.path ?? "", args });
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  describe.each([
    ...views.map((view) => ({ ...view, name: "troubled" })),
    ...views.map((view) => ({ ...view, name: "sound" })),
  ])("$name, $widthPx pixels, $scheme", ({ name, widthPx, scheme }) => {
    let page: Page;
    const url = () => reports.get(name) ?? "";
    const requests: string[] = [];
    const complaints: string[] = [];
    beforeAll(async () => {
      const viewport = { width: widthPx, height: 900 };
      page = await browser.newPage({ viewport, colorScheme: scheme });
      page.on("request", (request) => requests.push(request.url()));
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("console", (message) => {
        if (["error", "warning"].includes(message.type())) complaints.push(message.text());
      });
      await page.goto(url(), { waitUntil: "load" });
      await page.waitForLoadState("networkidle");
    });
    afterAll(() => page.close());

    test("fits the width: nothing is reached by scrolling the page sideways", async () => {
      const { contentPx, visiblePx } = await page.evaluate(pageWidth);
      expect(contentPx).toBeLessThanOrEqual(visiblePx);
    });
    test("asks for nothing but itself, and the console stays empty", () => {
      expect(requests).toEqual([url()]);
      expect(complaints).toEqual([]);
    });
    test("has every part that it links to", async () => {
      const links = await page.evaluate(linkTargets);
      expect(links.length).toBeGreaterThan(5);
      expect(links.filter(({ exists }) => !exists)).toEqual([]);
    });
    test("has one title, and no heading skips a level", async () => {
      const levels = await page.evaluate(headings);
      expect(levels[0]).toBe(1);
      expect(levels.filter((level) => level === 1)).toHaveLength(1);
      const skips = levels.filter((level, index) => level > (levels[index - 1] ?? 0) + 1);
      expect(skips).toEqual([]);
    });
    test("names every chart and picture for who can't see it", async () => {
      const names = await page.evaluate(accessibleNames);
      expect(names.length).toBeGreaterThan(3);
      expect(names).not.toContain("");
    });
    test("writes the verdict in colours that can be read", async () => {
      const texts = await page.evaluate(contrasts, ".answer");
      expect(texts.length).toBeGreaterThanOrEqual(12);
      expect(texts.filter(({ ratio }) => ratio < contrastMin)).toEqual([]);
    });
  });

  test("filters the cells by axis, suite and state, and shows all again", async () => {
    const page = await browser.newPage();
    await page.goto(reports.get("troubled") ?? "");
    const choose = (name: string, value: string) => page.evaluate(chooseFilter, { name, value });
    const wasi = await choose("axisTarget", "wasi");
    expect(wasi.status).toBe("24 of 48 variants");
    expect(wasi.rows).toHaveLength(24);
    expect(wasi.rows.every((row) => row.includes("wasi-"))).toBe(true);
    const failed = await choose("state", "fail");
    expect(failed.rows.map((row) => row.split("\t")[0])).toEqual(["wasi-debug-eh-opt"]);
    const hosts = await choose("suite", "hosts");
    expect(hosts.rows).toEqual([]);
    await page.getByRole("button", { name: "Show all" }).click();
    await page.waitForFunction(
      () => document.getElementById("filter-status")?.textContent === "48 of 48 variants",
    );
    await page.close();
  });

  test.each(["light", "dark"] as const)(
    "axe finds nothing serious, every fold open: %s",
    async (scheme) => {
      // The page's policy lets no foreign script run; here one may, to look at it.
      const page = await browser.newPage({ colorScheme: scheme, bypassCSP: true });
      await page.goto(reports.get("few") ?? "");
      await page.evaluate(() => {
        for (const fold of document.querySelectorAll("details")) fold.open = true;
      });
      const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
      await page.addScriptTag({ content: await readFile(axe, "utf8") });
      const found = axeResults.parse(await page.evaluate("axe.run()"));
      expect(found.passes.length).toBeGreaterThan(15);
      const serious = found.violations.filter(({ impact }) => impact !== "minor");
      expect(serious.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
      await page.close();
    },
  );
});
