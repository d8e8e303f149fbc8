/** The stores of browsers in a real one: IndexedDB and localStorage in Chromium. */
import { access, readFile } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "@playwright/test";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { laws } from "./laws.fixture.ts";

const chromiumPath = process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium";
const isThere = await access(chromiumPath).then(
  () => true,
  () => false,
);
const whySkipped = isThere ? "" : ", skipped without one: name it with CHROMIUM_PATH";
if (!isThere) process.stderr.write(`stores in Chromium${whySkipped}\n`);

const origin = "http://stores.test";
/** Paths of the page are those of harness/. */
const root = new URL("../", import.meta.url);

let browser: Browser;
let page: Page;

async function newPage(): Promise<Page> {
  const context = await browser.newContext();
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
async function inPage(text: string): Promise<unknown> {
  // As a text: the tests' own tools would rewrite an import() in code.
  return await page.evaluate(`(async () => {
    const module = new Blob([${JSON.stringify(text)}], { type: "text/javascript" });
    const { answer } = await import(URL.createObjectURL(module));
    return await answer();
  })()`);
}

const openers: Readonly<Record<string, string>> = {
  IndexedDB: `
    import { openIndexedDbStore } from "${origin}/store/indexed-db-store.ts";
    const open = (database) => openIndexedDbStore({ factory: indexedDB, database });`,
  localStorage: `
    import { LocalStorageStore } from "${origin}/store/local-storage-store.ts";
    const open = async (prefix) => new LocalStorageStore({ storage: localStorage, prefix });`,
};

describe.skipIf(!isThere)(`stores in Chromium${whySkipped}`, () => {
  beforeAll(async () => {
    const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
    browser = await chromium.launch({ executablePath: chromiumPath, args });
    page = await newPage();
  }, 60_000);
  afterAll(() => browser?.close());

  describe.each(Object.entries(openers))("%s", (_, opener) => {
    test.each(laws.map(({ name }, index) => [name, index] as const))("%s", async (_name, index) => {
      await inPage(`
      ${opener}
      import { laws } from "${origin}/store/laws.fixture.ts";
      export const answer = () => laws[${index}].check(() => open("law${index}"));`);
    });

    test("keeps tables over a reload of the page", async () => {
      const persisted = (work: string) => `
      ${opener}
      import { persistTables } from "${origin}/store/table-persistence.ts";
      import { TableRegistry } from "${origin}/core/table-registry.ts";
      import { Tables } from "${origin}/core/tables.ts";
      export const answer = async () => {
        const mapping = { integers: "number", strings: "text" };
        const tables = new Tables(new TableRegistry({ quota: {}, mapping }));
        const persistence = await persistTables({ tables, store: await open("tables") });
        ${work}
      };`;
      await inPage(
        persisted(`tables.home.set("n", 1);
        await persistence.save();
        tables.home.set("child", tables.create().set("x", "y"));
        return (await persistence.save()).kind;`),
      ).then((kind) => expect(kind).toBe("appended"));
      await page.reload();
      const found = await inPage(
        persisted(`return [...tables.home.keys(), tables.home.get("child").get("x")];`),
      );
      expect(found).toEqual(["n", "child", "y"]);
    });
  });

  test("a full localStorage is told, and what was there stays", async () => {
    const found = await inPage(`
    ${openers["localStorage"]}
    export const answer = async () => {
      const store = await open("full/");
      await store.write("a", new Uint8Array([1, 2]));
      const error = await store.append("a", new Uint8Array(6_000_000)).catch((thrown) => thrown);
      return [error.name, error.reason, [...(await store.read("a"))]];
    };`);
    expect(found).toEqual(["StoreError", "full", [1, 2]]);
  });

  test("an IndexedDB transaction that fails changes nothing", async () => {
    const found = await inPage(`
    ${openers["IndexedDB"]}
    export const answer = async () => {
      const store = await open("aborted");
      await store.write("a", new Uint8Array([1]));
      const put = IDBObjectStore.prototype.put;
      IDBObjectStore.prototype.put = function (...values) {
        put.apply(this, values);
        this.transaction.abort();
      };
      const error = await store.write("a", new Uint8Array([2])).catch((thrown) => thrown);
      IDBObjectStore.prototype.put = put;
      await store.append("a", new Uint8Array([3]));
      return [error.name, error.reason, [...(await store.read("a"))]];
    };`);
    expect(found).toEqual(["StoreError", "failed", [1, 3]]);
  });

  test("a database that another page deletes ends the store with a clear error", async () => {
    const found = await inPage(`
    ${openers["IndexedDB"]}
    export const answer = async () => {
      const store = await open("deleted");
      await store.write("a", new Uint8Array([1]));
      await new Promise((resolve) => {
        indexedDB.deleteDatabase("deleted").onsuccess = resolve;
      });
      const error = await store.read("a").catch((thrown) => thrown);
      return [error.name, error.reason];
    };`);
    expect(found).toEqual(["StoreError", "closed"]);
  });
});
