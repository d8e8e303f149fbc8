/** A process that saves in a loop and is killed at random times: no save is lost or half. */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { openFileStore } from "../runtime/store/file-store.ts";
import { randomOf } from "../runtime/store/random.fixture.ts";
import { persistTables } from "../runtime/store/table-persistence.ts";
import { TableRegistry } from "../runtime/table/table-registry.ts";
import { Tables } from "../runtime/table/tables.ts";

/** Runs in the child: tables and a blob carry the same number, told only once both are saved. */
const loop = `
import { writeSync } from "node:fs";
const [store, persistence, registry, tables] = await Promise.all([
  "store/file-store.ts", "store/table-persistence.ts", "table/table-registry.ts", "table/tables.ts",
].map((path) => import(new URL(path, process.env.RUNTIME_URL))));
const mapping = { integers: "number", strings: "text" };
const core = new tables.Tables(new registry.TableRegistry({ quota: {}, mapping }));
const opened = await store.openFileStore({ folder: process.env.STORE_FOLDER });
const persisted = await persistence.persistTables({ tables: core, store: opened });
for (let i = (core.home.get("first") ?? 0) + 1; ; i++) {
  core.home.set("first", i).set("padding", String(i).repeat(1000)).delete("second");
  core.home.set("second", i);
  await persisted.save();
  writeSync(1, "t" + i + "\\n");
  await opened.write("blob", new TextEncoder().encode(String(i).repeat(500)));
  writeSync(1, "b" + i + "\\n");
}
`;

interface Told {
  tables: number;
  blob: number;
}

/** Starts the loop, kills it, and notes in `told` what it had told by then. */
async function runAndKill(folder: string, told: Told, killAfterMs: KillTime): Promise<void> {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", loop], {
    env: {
      ...process.env,
      STORE_FOLDER: folder,
      RUNTIME_URL: new URL("../runtime/", import.meta.url).href,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  const started = new Promise<void>((resolve) => {
    child.stdout.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      resolve();
    });
  });
  const ended = new Promise<string | null>((resolve) => {
    child.on("close", (_, signal) => resolve(signal));
  });
  if (killAfterMs.first === "line") await Promise.race([started, ended]);
  await delay(killAfterMs.ms);
  child.kill("SIGKILL");
  expect(await ended).toBe("SIGKILL");
  for (const [, kind, number] of text.matchAll(/([tb])([0-9]+)\n/g)) {
    told[kind === "t" ? "tables" : "blob"] = Number(number);
  }
}

interface KillTime {
  readonly first: "line" | "start";
  readonly ms: number;
}

/** What is read after a kill. Fails when it is neither what was told last nor what came after. */
async function checkStore(folder: string, told: Told): Promise<void> {
  const tables = new Tables(
    new TableRegistry({ quota: {}, mapping: { integers: "number", strings: "text" } }),
  );
  const store = await openFileStore({ folder });
  const persistence = await persistTables({ tables, store });
  const { home } = tables;
  const saved = home.get("first") ?? 0;
  expect([told.tables, told.tables + 1]).toContain(saved);
  if (saved !== 0) {
    expect([...home.keys()]).toEqual(["first", "padding", "second"]);
    expect(home.get("second")).toBe(saved);
    expect(home.get("padding")).toBe(String(saved).repeat(1000));
  }
  const blob = new TextDecoder().decode((await store.read("blob")) ?? new Uint8Array(0));
  // The blob of a number is begun once the tables with it are told.
  const numbers = [told.blob, told.tables];
  expect(numbers.map((i) => (i === 0 ? "" : String(i).repeat(500)))).toContain(blob);
  persistence.stop();
  await store.close();
  told.tables = Number(saved);
  told.blob = Number(blob.slice(0, blob.length / 500));
}

test.each([1, 2, 3])("kills at random times, seed %i", async (seed) => {
  const place = await mkdtemp(join(tmpdir(), "kill-"));
  const random = randomOf(seed);
  const told: Told = { tables: 0, blob: 0 };
  for (let kill = 0; kill < 11; kill++) {
    const isEarly = kill % 4 === 3;
    await runAndKill(join(place, "s"), told, {
      first: isEarly ? "start" : "line",
      ms: random() * (isEarly ? 400 : 60),
    });
    await checkStore(join(place, "s"), told);
  }
  expect(told.tables).toBeGreaterThan(11);
  await rm(place, { recursive: true });
});
