/** A page of Chromium with our stores in it, for tests of these. */
import { readFile } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
import { fileURLToPath } from "node:url";
import { type Browser, type BrowserContext, chromium, type Page } from "@playwright/test";
import { findChromium } from "../harness/report/html/chromium.ts";

const found = await findChromium(process.env);
/** What the tests say of it when there is no Chromium; "" where there is one. */
export const whySkipped = found.path === undefined ? `, skipped without one: ${found.missing}` : "";
if (whySkipped !== "") process.stderr.write(`stores in Chromium${whySkipped}\n`);

/** Web Locks are there in secure contexts alone. */
export const origin = "https://stores.test";
/** Paths of the page are those of the project. */
const root = new URL("../", import.meta.url);

let browser: Browser;
/** The one that is open from `openBrowser` on. */
export let page: Page;

export async function openBrowser(): Promise<void> {
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  browser = await chromium.launch({ executablePath: found.path ?? "", args });
  page = await newPage();
}

export async function closeBrowser(): Promise<void> {
  await browser?.close();
}

export function newContext(): Promise<BrowserContext> {
  return browser.newContext();
}

export async function newPage(shared?: BrowserContext): Promise<Page> {
  const context = shared ?? (await browser.newContext());
  const opened = await context.newPage();
  await opened.route(`${origin}/**`, async (route) => {
    const { pathname } = new URL(route.request().url());
    if (!pathname.endsWith(".ts")) {
      await route.fulfill({ contentType: "text/html", body: "<!doctype html>" });
      return;
    }
    const source = await readFile(fileURLToPath(new URL(`.${pathname}`, root)), "utf8");
    await route.fulfill({ contentType: "text/javascript", body: stripTypeScriptTypes(source) });
  });
  await opened.goto(`${origin}/`);
  return opened;
}

/** Runs a module's text in the page; what it exports as `answer` comes back. */
export async function inPage(text: string, target: Page = page): Promise<unknown> {
  // As a text: the tests' own tools would rewrite an import() in code.
  return await target.evaluate(`(async () => {
    const module = new Blob([${JSON.stringify(text)}], { type: "text/javascript" });
    const { answer } = await import(URL.createObjectURL(module));
    return await answer();
  })()`);
}

/** Modules of the page begin with one: it opens a store. */
export const openers = {
  IndexedDB: `
    import { openIndexedDbStore } from "${origin}/runtime/store/indexed-db-store.ts";
    const open = (database, options) =>
      openIndexedDbStore({ factory: indexedDB, database, ...options });`,
  localStorage: `
    import { openLocalStorageStore } from "${origin}/runtime/store/local-storage-store.ts";
    const open = (prefix, options) =>
      openLocalStorageStore({ storage: localStorage, prefix, ...options });`,
} as const;
