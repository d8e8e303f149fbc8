/** report.html as a person meets it, in Chromium: wide and narrow, light and dark. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "@playwright/test";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { BaselineRecord } from "../../record/baseline.ts";
import { readBudgets } from "../budget.ts";
import { fixtureRecords } from "../fixture.ts";
import { reportModel } from "../model.ts";
import { findChromium } from "./chromium.ts";
import { renderHtml } from "./page.ts";
import {
  accessibleNames,
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

let browser: Browser;
let folder = "";

/** The report of a run, as a file: `sound` has good news and `troubled` all kinds of bad. */
async function writeReport(name: "sound" | "troubled"): Promise<string> {
  const isBaseline = (record: { readonly kind: string }): record is BaselineRecord =>
    record.kind === "run" || record.kind === "size";
  const model = reportModel({
    records: fixtureRecords({ troubled: name === "troubled" }),
    baseline: fixtureRecords({ troubled: false }).filter(isBaseline),
    budgets: readBudgets(join(import.meta.dirname, "../../../reports/budgets.json")),
  });
  const path = join(folder, `${name}.html`);
  await writeFile(path, await renderHtml(model));
  return pathToFileURL(path).href;
}

describe.skipIf(found.path === undefined)(`report.html in Chromium${whySkipped}`, () => {
  const reports = new Map<string, string>();
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "report-"));
    for (const name of ["sound", "troubled"] as const) reports.set(name, await writeReport(name));
    // Chromium's sandbox refuses root.
    const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
    browser = await chromium.launch({ executablePath: found.path ?? "", args });
  }, 60_000);
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
      await page.goto(url(), { waitUntil: "networkidle" });
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
});
