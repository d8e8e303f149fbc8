/** Tests of the formats: well formed, escaped, complete, and no longer than they may be. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { baselineRecords } from "../record/baseline.ts";
import type { ResultRecord } from "../record/record.ts";
import { readBudgets } from "./budget.ts";
import { fixtureRecords } from "./fixture.ts";
import { fixtureClassic } from "./fixture-measures.ts";
import { filterScript, filterScriptHash } from "./html/filters.ts";
import { renderHtml } from "./html/page.ts";
import { renderJunit } from "./junit.ts";
import { renderMarkdown } from "./markdown/report.ts";
import { escapeMarkup, markup } from "./markup.ts";
import { reportModel } from "./model.ts";
import { renderReports, writeReports } from "./render.ts";
import { reportSchema } from "./schema.ts";
import { sectionsOf } from "./sections.ts";

const good = fixtureRecords({ troubled: false });
const bad = fixtureRecords({ troubled: true });
const baseline = baselineRecords(good);
const budgets = readBudgets(join(import.meta.dirname, "..", "..", "reports", "budgets.json"));
const classic = fixtureClassic;
const model = reportModel({ records: bad, baseline, budgets, classic });

/** Names and messages as an enemy would write them. */
const evil = `</pre></code><script>alert("1")</script>|\`\`\`\n\u0000\u001b[31m]]>'"&`;
const hostile = reportModel({
  records: bad.map((record): ResultRecord => {
    if (record.kind === "outcome" && record.state !== "pass")
      return { ...record, message: evil, title: evil };
    if (record.kind === "build") return { ...record, message: evil, repro: evil };
    if (record.kind === "run")
      return { ...record, command: evil, revision: evil, tools: { [evil]: evil } };
    if (record.kind === "size" && record.metric === "section:data")
      return { ...record, metric: `section:${evil}` };
    if (record.kind === "ledger")
      return { ...record, groups: [[evil, 9]], items: [[evil, evil, evil, 9, 9]] };
    if (record.kind === "cost") return { ...record, functions: [[evil, 1]] };
    if (record.kind === "timing") return { ...record, workload: evil };
    return record;
  }),
  warnings: [evil],
});

/** The elements of a document in which every tag is closed in its turn; throws where one is not. */
function elementsOf({
  text,
  empty,
}: {
  readonly text: string;
  readonly empty: readonly string[];
}): readonly string[] {
  const open: string[] = [];
  const found: string[] = [];
  const tag = /<(\/?)([a-zA-Z][\w-]*)((?:\s+[\w:-]+(?:="[^"<]*")?)*)\s*(\/?)>/y;
  const body = text.replace(/^<\?xml[^>]*\?>|^<!doctype html>/, "");
  for (let at = body.indexOf("<"); at >= 0; at = body.indexOf("<", tag.lastIndex)) {
    tag.lastIndex = at;
    const [, slash, name = "", , closed] = tag.exec(body) ?? [];
    if (slash === undefined) throw new Error(`no tag: ${body.slice(at, at + 120)}`);
    if (slash === "/" && open.pop() !== name) throw new Error(`</${name}> closes another`);
    if (slash === "") found.push(name);
    if (slash === "" && closed !== "/" && !empty.includes(name)) open.push(name);
  }
  if (open.length > 0) throw new Error(`never closed: ${open.join(", ")}`);
  return found;
}

describe("markup", () => {
  test("escapes every value, and no markup twice", () => {
    const inner = markup`<b title="${`"'`}">${"<&>"}</b>`;
    expect(markup`<p>${inner}${[inner]}${undefined}${7}</p>`.text).toBe(
      `<p>${'<b title="&quot;&#39;">&lt;&amp;&gt;</b>'.repeat(2)}7</p>`,
    );
  });
  test("leaves nothing that XML forbids", () => {
    expect(escapeMarkup("a\u0000b\u001bc\ud800d\n\té😀")).toBe("a�b�c�d\n\té😀");
  });
});

describe("junit.xml", () => {
  test("has a well-formed suite for every cell and every failed build", () => {
    const elements = elementsOf({ text: renderJunit(model), empty: [] });
    const count = (name: string) => elements.filter((element) => element === name).length;
    expect(count("testsuite")).toBe(48 * 3 + 1);
    expect(count("testcase")).toBe(48 * 40 + 1);
    expect(count("failure")).toBe(3);
    expect(count("error")).toBe(1 + 1 + 1 + 40);
    expect(count("skipped")).toBe(16 + 23);
    expect(renderJunit(model)).toContain('tests="1921" failures="3" errors="43" skipped="39"');
  });
  test("stays well formed whatever a message holds", () => {
    const elements = elementsOf({ text: renderJunit(hostile), empty: [] });
    expect(elements).not.toContain("script");
    expect(renderJunit(hostile)).not.toContain("\u0000");
    expect(renderJunit(hostile)).not.toContain("\u001b");
  });
});

describe("report.md", () => {
  test("begins with the verdict, then what failed, each with its command", () => {
    const text = renderMarkdown(model);
    const order = [
      "Did anything break?",
      "## What failed",
      "## Over budget",
      "## Cells",
      "## Sizes",
    ];
    const places = order.map((part) => text.indexOf(part));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(text).toContain("`npm run matrix -- repro wasi-fast-js-opt:hosts/case-9`");
    expect(text).toContain("| `freestanding-small-js-opt` | raw | 215,800 | 214,770 | +1,030 |");
  });
  test("is cut with a statement where it would be too long, at every length", () => {
    const whole = renderMarkdown(model);
    expect(whole).not.toContain("Cut here");
    for (let limitBytes = 400; limitBytes < Buffer.byteLength(whole); limitBytes += 7013) {
      const text = renderMarkdown(model, { limitBytes });
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(limitBytes);
      expect(text).toContain("Cut here");
    }
  });
  test("stays below 1 MiB though every case fails with a long message of its own", () => {
    const records = bad.map(
      (record, index): ResultRecord =>
        record.kind === "outcome"
          ? { ...record, state: "fail", message: `${index} ${"x".repeat(9000)}` }
          : record,
    );
    const text = renderMarkdown(reportModel({ records }));
    expect(Buffer.byteLength(text)).toBeLessThan(2 ** 20);
    expect(text).toContain("more problems");
  });
  test("lets no message out of its fence or its table", () => {
    const text = renderMarkdown(hostile);
    const outside = text.replace(/^(`{3,})\n[\s\S]*?\n\1$/gm, "").replace(/(`+)[^`].*?\1/g, "");
    expect(outside).not.toContain("<script>");
    expect(text).toMatch(/^````$/m);
  });
});

test("every format has the same sections in the same order", async () => {
  const titlesIn = (text: string, pattern: RegExp) =>
    [...text.matchAll(pattern)].map(([, title]) => title);
  const titles = sectionsOf(model).map(({ title }) => title);
  expect(titles.length).toBeGreaterThan(12);
  expect(titlesIn(renderMarkdown(model), /^## (.*)$/gm)).toEqual(titles);
  const page = await renderHtml(model);
  expect(titlesIn(page, /<section id="[a-z]+"><h2>([^<]*)<\/h2>/g)).toEqual(titles);
});

describe("report.html", () => {
  let text = "";
  let hostileText = "";
  beforeAll(async () => {
    text = await renderHtml(model);
    hostileText = await renderHtml(hostile);
  });
  const empty = ["meta", "br"];

  test("is one well-formed file that asks nothing of the network", () => {
    elementsOf({ text, empty });
    const [before = "", script = "", after = ""] = text.split(/<\/?script>/);
    expect(script).toBe(filterScript);
    const others = `${before}${after}`.replaceAll(/ xmlns(:xlink)?="[^"]*"/g, "");
    expect(/https?:|src=|url\(|@import|<link|<script/.exec(others)).toBeNull();
    expect(script).not.toMatch(/fetch|import|http/);
    expect(before.includes(filterScriptHash())).toBe(true);
    expect(Buffer.byteLength(text)).toBeLessThan(2_000_000);
  });
  test("answers first", () => {
    const places = [
      "Did anything break?",
      "Did it get bigger?",
      "Did it get slower?",
      "<h2>What failed</h2>",
    ].map((part) => text.indexOf(part));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places).not.toContain(-1);
  });
  test("shows every variant in the cells, the sizes and the builds, built or not", () => {
    for (const { variant } of model.variants) {
      const [target = "", ...rest] = variant.split("-");
      const name = `<span class="prefix">${target}-</span>${rest.join("-")}</code>`;
      expect(text.split(name).length - 1).toBeGreaterThanOrEqual(3);
    }
  });
  test("shows each cell's worst state, and what of it passed", () => {
    expect(text).toMatch(/title="8 passed; [^"]*"[^>]*>✓ 8</);
    expect(text).toMatch(/title="1 failed, 7 passed; [^"]*"[^>]*>✗ 1 failed</);
    expect(text).toMatch(/title="1 skipped, 13 passed; [^"]*"[^>]*>✓ 13, 1 skipped</);
    expect(text.split(">✗ not built<").length - 1).toBe(3);
  });
  test("lists the broken limits, or else the figure closest to each maximum", async () => {
    const budgetOf = (page: string) => /<section id="budget">.*?<\/section>/s.exec(page)?.[0] ?? "";
    expect(budgetOf(text)).toContain("Over budget");
    const over = model.budget.checks.filter((check) => check.over);
    expect(new Set(over.map(({ kind }) => kind))).toEqual(new Set(["maximum", "growth", "slower"]));
    expect(budgetOf(text).split("<tr>").length - 2).toBe(over.length);
    const kept = budgetOf(await renderHtml(reportModel({ records: good, baseline, budgets })));
    expect(kept).toContain("Closest to their limits");
    expect(kept.split("<tr>").length - 2).toBe(3);
  });
  test("draws its charts with the page's colours", () => {
    const captions = text.match(/<div role="img" aria-label="[^"]+"><svg /g) ?? [];
    expect(captions.length).toBeGreaterThan(15);
    expect(text.match(/<svg /g)).toHaveLength(captions.length);
    expect(text).not.toContain('role="graphics');
    expect(text).toContain('stroke="var(--series-1)"');
  });
  test("escapes what a wasm or a case may say", () => {
    expect(text).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    const scripts = elementsOf({ text: hostileText, empty }).filter((name) => name === "script");
    expect(scripts).toHaveLength(1);
  });
  test("says nothing of what was not measured", async () => {
    const sparse = reportModel({
      records: good.filter(({ kind }) => kind === "run" || kind === "end"),
    });
    elementsOf({ text: await renderHtml(sparse), empty });
  });
});

test("all formats are written, and report.json is the model", async () => {
  const directory = mkdtempSync(join(tmpdir(), "reports-"));
  try {
    const paths = await writeReports(model, join(directory, "latest"));
    expect(readdirSync(join(directory, "latest"))).toEqual([
      "benchmark.json",
      "ctrf.json",
      "junit.xml",
      "report.html",
      "report.json",
      "report.md",
    ]);
    const json = paths.find((path) => path.endsWith("report.json")) ?? "";
    expect(reportSchema.parse(JSON.parse(readFileSync(json, "utf8")))).toEqual(model);
    expect([...(await renderReports(model)).values()]).toEqual([
      ...(await renderReports(model)).values(),
    ]);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
