/** The stores of browsers in a real one: IndexedDB and localStorage in Chromium. */
import type { Page } from "@playwright/test";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { laws } from "../runtime/store/laws.fixture.ts";
import { randomOf } from "../runtime/store/random.fixture.ts";
import { runSchedule, runSchedules, type Writer } from "../runtime/store/schedules.fixture.ts";
import {
  closeBrowser,
  inPage,
  newContext,
  newPage,
  openBrowser,
  openers,
  origin,
  page,
  whySkipped,
} from "./store-page.fixture.ts";

/** More for a campaign: reports/fuzzed.md. */
const scheduleCount = Number(process.env["STORE_SCHEDULES"] ?? 10);

describe.skipIf(whySkipped !== "")(`stores in Chromium${whySkipped}`, () => {
  beforeAll(openBrowser);
  afterAll(closeBrowser);

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
      const context = await newContext();
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
      const context = await newContext();
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
        const context = await newContext();
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
    ${openers.localStorage}
    export const answer = async () => {
      const store = await open("full/");
      await store.write("a", new Uint8Array([1, 2]));
      const error = await store.append("a", new Uint8Array(6_000_000)).catch((thrown) => thrown);
      return [error.name, error.reason, [...(await store.read("a"))]];
    };`);
    expect(found).toEqual(["StoreError", "full", [1, 2]]);
  });
});
