/** What IndexedDB in Chromium refuses or drops, or others do to it: nothing saved is lost. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { closeBrowser, inPage, openBrowser, openers, whySkipped } from "./store-page.fixture.ts";

describe.skipIf(whySkipped !== "")(`IndexedDB in Chromium${whySkipped}`, () => {
  beforeAll(openBrowser);
  afterAll(closeBrowser);

  test("an IndexedDB transaction that fails changes nothing", async () => {
    const found = await inPage(`
    ${openers.IndexedDB}
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

  test.each(["x", "2 ** 53", "1.5", "1e300"])(
    "nothing is appended in IndexedDB behind a part that no store wrote, at %s",
    async (index) => {
      const found = await inPage(`
      ${openers.IndexedDB}
      export const answer = async () => {
        const store = await open("foreign ${index}");
        await store.write("a", new Uint8Array([1]));
        await store.append("a", new Uint8Array([2]));
        const database = await new Promise((resolve) => {
          const request = indexedDB.open("foreign ${index}");
          request.onsuccess = () => resolve(request.result);
        });
        const [name] = database.objectStoreNames;
        const put = (key) => new Promise((resolve) => {
          const change = database.transaction(name, "readwrite");
          change.objectStore(name).put(new Uint8Array([9]), key);
          change.oncomplete = resolve;
        });
        await put(["a", ${index === "x" ? '"x"' : index}]);
        database.close();
        const error = await store.append("a", new Uint8Array([3])).catch((thrown) => thrown);
        return [error.name, error.reason, [...(await store.read("a"))].filter((byte) => byte < 9)];
      };`);
      expect(found).toEqual(["StoreError", "damaged", [1, 2]]);
    },
  );

  test("an IndexedDB call that the browser refuses leaves what was there before it", async () => {
    const found = await inPage(`
    ${openers.IndexedDB}
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
    ${openers.IndexedDB}
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
    ${openers.IndexedDB}
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
    ${openers.IndexedDB}
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
    ${openers.IndexedDB}
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
    ${openers.IndexedDB}
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
