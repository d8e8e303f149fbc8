/** The stores of browsers in a real one: IndexedDB and localStorage in Chromium. */
import { access, readFile } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
import { fileURLToPath } from "node:url";
import { type Browser, type BrowserContext, chromium, type Page } from "@playwright/test";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { laws } from "../runtime/store/laws.fixture.ts";
import { randomOf } from "../runtime/store/random.fixture.ts";
import { runSchedule, runSchedules, type Writer } from "../runtime/store/schedules.fixture.ts";

/** More for a campaign: reports/fuzzed.md. */
const scheduleCount = Number(process.env["STORE_SCHEDULES"] ?? 10);
const chromiumPath = process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium";
const isThere = await access(chromiumPath).then(
  () => true,
  () => false,
);
const whySkipped = isThere ? "" : ", skipped without one: name it with CHROMIUM_PATH";
if (!isThere) process.stderr.write(`stores in Chromium${whySkipped}\n`);

/** Web Locks are there in secure contexts alone. */
const origin = "https://stores.test";
/** Paths of the page are those of the project. */
const root = new URL("../", import.meta.url);

let browser: Browser;
let page: Page;

async function newPage(shared?: BrowserContext): Promise<Page> {
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
async function inPage(text: string, target: Page = page): Promise<unknown> {
  // As a text: the tests' own tools would rewrite an import() in code.
  return await target.evaluate(`(async () => {
    const module = new Blob([${JSON.stringify(text)}], { type: "text/javascript" });
    const { answer } = await import(URL.createObjectURL(module));
    return await answer();
  })()`);
}

const openers: Readonly<Record<string, string>> = {
  IndexedDB: `
    import { openIndexedDbStore } from "${origin}/runtime/store/indexed-db-store.ts";
    const open = (database, options) =>
      openIndexedDbStore({ factory: indexedDB, database, ...options });`,
  localStorage: `
    import { openLocalStorageStore } from "${origin}/runtime/store/local-storage-store.ts";
    const open = (prefix, options) =>
      openLocalStorageStore({ storage: localStorage, prefix, ...options });`,
};

describe.skipIf(!isThere)(`stores in Chromium${whySkipped}`, () => {
  beforeAll(async () => {
    const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
    browser = await chromium.launch({ executablePath: chromiumPath, args });
    page = await newPage();
  });
  afterAll(() => browser?.close());

  describe.each(Object.entries(openers))("%s", (name, opener) => {
    test.each(laws.map(({ name }, index) => [name, index] as const))("%s", async (_name, index) => {
      await inPage(`
      ${opener}
      import { laws } from "${origin}/runtime/store/laws.fixture.ts";
      export const answer = () => laws[${index}].check(() => open("law${index}"));`);
    });

    const told = '(error) => error.reason + ": " + error.message';
    /** In that page: what a call on its own store came to. */
    const calls = (target: Page, call: string): Promise<unknown> =>
      inPage(`export const answer = () => store.${call}.then((value) => value, ${told});`, target);
    const opens = (target: Page, options: string): Promise<unknown> =>
      inPage(
        `${opener}
        export const answer = async () => {
          try {
            globalThis.store = await open("shared", ${options});
            return store.isReadOnly ? "to be read" : "to be written";
          } catch (error) { return (${told})(error); }
        };`,
        target,
      );

    test("has one writer of all tabs: another is refused, reads, takes over, waits", async () => {
      const context = await browser.newContext();
      const [one, two] = [await newPage(context), await newPage(context)];
      expect(await opens(one, "{}")).toBe("to be written");
      await calls(one, 'write("a", Uint8Array.of(1))');
      expect(await opens(two, "{}")).toMatch(/^locked: another page/);
      expect(await opens(one, "{}")).toMatch(/^locked: another page/);
      expect(await opens(two, '{ whenHeld: "read" }')).toBe("to be read");
      expect(await calls(two, 'read("a").then(String)')).toBe("1");
      expect(await calls(two, 'append("a", Uint8Array.of(2))')).toMatch(
        /^locked: the store is open/,
      );
      expect(await opens(two, '{ whenHeld: "take-over" }')).toBe("to be written");
      expect(await calls(one, 'append("a", Uint8Array.of(3))')).toMatch(/^locked: another one has/);
      await calls(two, 'append("a", Uint8Array.of(4))');
      expect(await calls(two, "names().then(String)")).toBe("a");
      const waiting = opens(one, '{ whenHeld: "wait" }');
      await two.close();
      expect(await waiting).toBe("to be written");
      expect(await calls(one, 'read("a").then(String)')).toBe("1,4");
      await context.close();
    });

    test("is taken over where there are no Web Locks, and the first is told", async () => {
      const context = await browser.newContext();
      await context.addInitScript(() => {
        Object.defineProperty(Navigator.prototype, "locks", { value: undefined });
      });
      const [one, two] = [await newPage(context), await newPage(context)];
      await opens(one, "{}");
      await calls(one, 'write("a", Uint8Array.of(1))');
      expect(await opens(two, "{}")).toBe("to be written");
      expect(await calls(one, 'append("a", Uint8Array.of(2))')).toMatch(/^locked: another one has/);
      await calls(two, 'append("a", Uint8Array.of(3))');
      expect(await calls(two, 'read("a").then(String)')).toBe("1,3");
      await context.close();
    });

    test(
      "of two tabs, closed at random, loses no save and keeps none twice",
      async () => {
        const context = await browser.newContext();
        /** A tab that is opened when it is needed, and again after it was closed. */
        const tab = (): Writer => {
          let opened: Promise<Page> | undefined;
          const ask = async (call: string): Promise<string> => {
            opened ??= newPage(context);
            try {
              return String(await inPage(call, await opened));
            } catch (error) {
              // The page was closed meanwhile.
              if (/closed|detached|navigat/.test(String(error))) return "killed";
              throw error;
            }
          };
          const onStore = (call: string): string =>
            `export const answer = () => globalThis.store?.${call}.then(() => "saved", ${told});`;
          return {
            open: (whenHeld) =>
              ask(`${opener}
              export const answer = async () => {
                await globalThis.store?.close();
                try {
                  globalThis.store = await open("schedule${index}", { whenHeld: "${whenHeld}" });
                  return "open";
                } catch (error) { return (${told})(error); }
              };`),
            save: (token) => ask(onStore(`append("a", new TextEncoder().encode("${token}"))`)),
            close: () => ask(onStore("close()")),
            kill: async () => {
              const closing = opened;
              opened = undefined;
              await (await closing)?.close();
            },
          };
        };
        let index = 0;
        const writers = [tab(), tab()];
        const sum = await runSchedules(scheduleCount, async (seed) => {
          index = seed;
          const readKept = async () => {
            const reader = await newPage(context);
            const kept = await inPage(
              `${opener}
            export const answer = async () => {
              const store = await open("schedule${seed}", { whenHeld: "take-over" });
              return new TextDecoder().decode(await store.read("a"));
            };`,
              reader,
            );
            await reader.close();
            return String(kept);
          };
          return await runSchedule({ writers, random: randomOf(seed), readKept });
        });
        process.stderr.write(`${scheduleCount} schedules of ${name}: ${JSON.stringify(sum)}\n`);
        // On a busy machine most of what is begun is killed before it ends.
        expect(sum.saved).toBeGreaterThan(0);
        await context.close();
      },
      60_000 * scheduleCount,
    );

    test("keeps tables over a reload of the page", async () => {
      const persisted = (work: string) => `
      ${opener}
      import { persistTables } from "${origin}/runtime/store/table-persistence.ts";
      import { TableRegistry } from "${origin}/runtime/table/table-registry.ts";
      import { Tables } from "${origin}/runtime/table/tables.ts";
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

  test("an IndexedDB call that the browser refuses leaves what was there before it", async () => {
    const found = await inPage(`
    ${openers["IndexedDB"]}
    export const answer = async () => {
      const store = await open("refused");
      await store.write("a", new Uint8Array([1]));
      await store.append("a", new Uint8Array([2]));
      const { put, add } = IDBObjectStore.prototype;
      const seen = [];
      addEventListener("unhandledrejection", () => seen.push("nobody heard of it"));
      const refuse = () => { throw new DOMException("too large", "DataCloneError"); };
      Object.assign(IDBObjectStore.prototype, { put: refuse, add: refuse });
      for (const change of ["write", "append"]) {
        const error = await store[change]("a", new Uint8Array([3])).catch((thrown) => thrown);
        seen.push(error.reason, error.cause.name);
      }
      Object.assign(IDBObjectStore.prototype, { put, add });
      await new Promise((resolve) => setTimeout(resolve));
      return [...seen, ...(await store.read("a"))];
    };`);
    expect(found).toEqual(["failed", "DataCloneError", "failed", "DataCloneError", 1, 2]);
  });

  test("IndexedDB keeps more under one name than a browser takes as one value", async () => {
    const found = await inPage(`
    ${openers["IndexedDB"]}
    export const answer = async () => {
      const store = await open("large");
      const bytes = new Uint8Array(140 * 2 ** 20);
      for (let at = 0; at < bytes.length; at += 2 ** 20) bytes[at] = at / 2 ** 20;
      await store.write("a", bytes);
      await store.append("a", bytes.subarray(0, 2 ** 25 + 1));
      const kept = await store.read("a");
      const isWhole = bytes.every((byte, at) => byte === kept[at]);
      await store.remove("a");
      return [isWhole, kept.length - bytes.length, kept.at(-1), await store.names()];
    };`);
    expect(found).toEqual([true, 2 ** 25 + 1, 32, []]);
  });

  test("an IndexedDB without room for the turn is read, and written once there is", async () => {
    const found = await inPage(`
    ${openers["IndexedDB"]}
    export const answer = async () => {
      const first = await open("full");
      await first.write("a", new Uint8Array([1]));
      await first.close();
      const { put } = IDBObjectStore.prototype;
      IDBObjectStore.prototype.put = function () {
        throw new DOMException("no room", "QuotaExceededError");
      };
      const store = await open("full");
      const seen = [...(await store.read("a"))];
      for (const change of ["write", "append"]) {
        const error = await store[change]("a", new Uint8Array([2])).catch((thrown) => thrown);
        seen.push(error.reason);
      }
      await store.remove("a");
      seen.push(String(await store.read("a")));
      IDBObjectStore.prototype.put = put;
      await store.append("a", new Uint8Array([3]));
      const locks = { request: (name, how, work) => Promise.resolve(work({})) };
      const other = await open("full", { locks });
      const error = await store.write("a", new Uint8Array([4])).catch((thrown) => thrown);
      return [...seen, ...(await other.read("a")), error.reason];
    };`);
    expect(found).toEqual([1, "full", "full", "undefined", 3, "locked"]);
  });

  test("waiting for a database that is not opened ends by the signal", async () => {
    const found = await inPage(`
    ${openers["IndexedDB"]}
    export const answer = async () => {
      const opening = {};
      const late = { closed: 0, close() { this.closed += 1; } };
      const stop = new AbortController();
      const factory = { open: () => opening };
      const given = open("slow", { factory, signal: stop.signal }).catch((thrown) => thrown);
      await new Promise((resolve) => setTimeout(resolve));
      stop.abort("no longer");
      const reason = await given;
      opening.result = late;
      opening.onsuccess();
      const store = await open("slow");
      await store.write("a", new Uint8Array(1));
      return [reason, late.closed];
    };`);
    expect(found).toEqual(["no longer", 1]);
  });

  test("keys of IndexedDB whose names no store has are not told as names", async () => {
    const found = await inPage(`
    ${openers["IndexedDB"]}
    export const answer = async () => {
      const store = await open("odd");
      await store.write("a", new Uint8Array([1]));
      await new Promise((resolve) => {
        const opening = indexedDB.open("odd");
        opening.onsuccess = () => {
          const transaction = opening.result.transaction("parts", "readwrite");
          const parts = transaction.objectStore("parts");
          for (const key of [["A B", 0], [5, 0], [["b"], 0], []]) parts.put(new Uint8Array(1), key);
          transaction.oncomplete = () => resolve(opening.result.close());
        };
      });
      return await store.names();
    };`);
    expect(found).toEqual(["a"]);
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
