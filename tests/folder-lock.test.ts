/** One writer at a time: in one process, in many that are killed, and in other PID namespaces. */
import { type ChildProcess, type StdioOptions, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openFileStore } from "../runtime/store/file-store.ts";
import { randomOf } from "../runtime/store/random.fixture.ts";
import { runSchedule, runSchedules, type Writer } from "../runtime/store/schedules.fixture.ts";
import type { Store, WhenHeld, WriterOptions } from "../runtime/store/store.ts";

let place = "";
const opened: Store[] = [];
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), "lock-"));
});
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
  await rm(place, { recursive: true });
});

async function open(options: WriterOptions = {}, folder = join(place, "s")): Promise<Store> {
  const store = await openFileStore({ folder, ...options });
  opened.push(store);
  return store;
}

const bytesOf = (text: string) => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);

describe("in one process", () => {
  test("the second is refused, told who has it, and can read what is saved", async () => {
    const first = await open();
    expect(first.isReadOnly).toBe(false);
    await first.write("a", bytesOf("1"));
    await expect(open()).rejects.toMatchObject({
      reason: "locked",
      message: expect.stringContaining(`process ${process.pid} on `),
    });
    const reader = await open({ whenHeld: "read" });
    expect(reader.isReadOnly).toBe(true);
    await first.append("a", bytesOf("2"));
    expect(textOf(await reader.read("a"))).toBe("12");
    expect(await reader.names()).toEqual(["a"]);
    for (const change of [reader.write("a", bytesOf("x")), reader.append("a", bytesOf("x"))]) {
      await expect(change).rejects.toMatchObject({ reason: "locked" });
    }
    await expect(reader.remove("a")).rejects.toMatchObject({ reason: "locked" });
    await first.close();
    expect((await open({ whenHeld: "read" })).isReadOnly).toBe(false);
  });

  test("who waits is next, and can give up", async () => {
    const first = await open();
    const stop = new AbortController();
    const given = open({ whenHeld: "wait", signal: stop.signal });
    const waiting = open({ whenHeld: "wait" });
    const reason = new Error("no longer");
    stop.abort(reason);
    await expect(given).rejects.toBe(reason);
    await first.write("a", bytesOf("1"));
    await first.close();
    expect(textOf(await (await waiting).read("a"))).toBe("1");
  });

  test("a holder that so many wait for that no more can ask is held, or waited for", async () => {
    const folder = join(place, "s");
    await mkdir(folder);
    const code = `require("node:net").createServer().listen(
      {path: process.argv[1], backlog: 1}, () => console.log("listens"))`;
    const holder = spawn(process.execPath, ["--eval", code, join(folder, "lock.1")]);
    const waiting: Socket[] = [];
    try {
      await once(holder.stdout, "data");
      // It answers nobody; then as many wait as there is room for.
      holder.kill("SIGSTOP");
      for (let refused = false; !refused; ) {
        const socket = connect(join(folder, "lock.1"));
        const [error] = await Promise.race([once(socket, "error"), once(socket, "connect")]).catch(
          (reason: unknown) => [reason],
        );
        refused = error !== undefined;
        waiting.push(socket);
      }
      await expect(open()).rejects.toMatchObject({
        reason: "locked",
        message: expect.stringContaining("which many wait for"),
      });
      expect((await open({ whenHeld: "read" })).isReadOnly).toBe(true);
      const stop = new AbortController();
      const reason = new Error("no longer");
      const given = open({ whenHeld: "take-over", signal: stop.signal });
      setTimeout(() => stop.abort(reason), 100);
      await expect(given).rejects.toBe(reason);
      const taken = open({ whenHeld: "wait" });
      holder.kill("SIGKILL");
      expect((await taken).isReadOnly).toBe(false);
    } finally {
      holder.kill("SIGKILL");
      for (const socket of waiting) socket.destroy();
    }
  });

  test("who waits can give up at any moment", async () => {
    await open();
    for (let turns = 0; turns < 40; turns++) {
      const stop = new AbortController();
      const reason = new Error(`after ${turns} turns`);
      const given = open({ whenHeld: "wait", signal: stop.signal });
      const answered = expect(given).rejects.toBe(reason);
      for (let turn = 0; turn < turns; turn++) await new Promise((done) => setImmediate(done));
      stop.abort(reason);
      await answered;
    }
  });

  test("who takes over has what was saved; the other one is told, and harms nothing", async () => {
    const first = await open();
    const saving = first.write("a", bytesOf("1".repeat(100_000)));
    const second = await open({ whenHeld: "take-over" });
    await saving;
    expect((await second.read("a"))?.length).toBe(100_000);
    await expect(first.append("a", bytesOf("2"))).rejects.toMatchObject({
      reason: "locked",
      message: expect.stringContaining("taken this store over"),
    });
    await second.append("a", bytesOf("3"));
    await first.close();
    expect((await second.read("a"))?.length).toBe(100_001);
  });

  test("of many at the same moment one has it, and each later one in turn", async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => open()));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    let writing = 0;
    const turns = Array.from({ length: 20 }, async () => {
      const store = await open({ whenHeld: "wait" });
      writing += 1;
      expect(writing).toBe(1);
      await store.append("a", bytesOf("x"));
      writing -= 1;
      await store.close();
    });
    await opened[0]?.close();
    await Promise.all(turns);
    expect((await (await open()).read("a"))?.length).toBe(20);
    expect((await readdir(join(place, "s"))).filter((name) => name.startsWith("lock"))).toEqual([
      "lock.22",
    ]);
  });

  test("a folder with a long path, and files that look like locks", async () => {
    const long = join(place, "l".repeat(120));
    const first = await open({}, long);
    await expect(open({}, long)).rejects.toMatchObject({ reason: "locked" });
    await first.close();
    await writeFile(join(long, "lock.7"), "no socket");
    await writeFile(join(long, "lock.new.x"), "no socket");
    await open({}, long);
    expect(await readdir(long)).toEqual(["lock.7", "lock.8", "lock.new.x"]);
  });
});

test("who is asked while it opens gives way as soon as it is open", async () => {
  const asked = new AbortController();
  const store = await openFileStore({
    folder: join(place, "s"),
    lock: async () => {
      asked.abort();
      return { taken: asked.signal, release: async () => undefined };
    },
  });
  await expect(store.write("a", bytesOf("1"))).rejects.toMatchObject({ reason: "locked" });
});

test("the last number that a lock can have is told, and not waited for", async () => {
  await (await open()).close();
  await writeFile(join(place, "s", "lock.999999999999999"), "no socket");
  await expect(open()).rejects.toMatchObject({
    reason: "failed",
    message: expect.stringContaining("delete that file"),
  });
});

/** Opens the store, tells what came of it, and appends so often, or kills itself while it does. */
const writer = `
import { appendFileSync } from "node:fs";
const { openFileStore } = await import(process.env.STORE_URL);
const [whenHeld, name, appends, killedAt] = process.argv.slice(1);
const tell = (what) => appendFileSync(process.env.STORE_TOLD, what + " " + name + "\\n");
const store = await openFileStore({ folder: process.env.STORE_FOLDER, whenHeld });
tell("open");
for (let i = 0; i < Number(appends); i++) {
  const saved = store.append("a", new TextEncoder().encode(name + "."));
  if (i === Number(killedAt)) setImmediate(() => process.kill(process.pid, "SIGKILL"));
  await saved;
  tell("saved");
}
await store.close();
`;

function start(command: readonly string[], args: readonly string[]): ChildProcess {
  return spawnNode(command, [writer, "--", ...args], "ignore");
}

/** Node with a text as its program, by a command that starts others. */
function spawnNode(
  command: readonly string[],
  args: readonly string[],
  stdio: StdioOptions,
): ChildProcess {
  const [program = "", ...before] = [...command, process.execPath];
  return spawn(program, [...before, "--input-type=module", "--eval", ...args], {
    env: {
      ...process.env,
      STORE_FOLDER: join(place, "s"),
      STORE_TOLD: join(place, "told"),
      STORE_URL: new URL("../runtime/store/file-store.ts", import.meta.url).href,
    },
    stdio,
  });
}

async function told(): Promise<readonly string[]> {
  const text = await readFile(join(place, "told"), "utf8").catch(() => "");
  return text.split("\n").filter((line) => line !== "");
}

async function untilTold(line: string): Promise<void> {
  while (!(await told()).includes(line)) await delay(5);
}

const unshare = ["unshare", "--pid", "--fork", "--kill-child=KILL"];
const canUnshare = spawnSync("unshare", [...unshare.slice(1), "true"]).status === 0;

describe.each([
  ["in another process", []],
  ["in another PID namespace", unshare],
])("%s", (_, command) => {
  const isThere = command.length === 0 || canUnshare;
  test.skipIf(!isThere)("a living one has it, and a killed one does not", async () => {
    const child = start(command, ["refuse", "a", "Infinity"]);
    await untilTold("saved a");
    await expect(open()).rejects.toMatchObject({ reason: "locked" });
    const waiting = open({ whenHeld: "wait" });
    child.kill("SIGKILL");
    const lines = (await (await waiting).read("a"))?.length ?? 0;
    expect(lines).toBeGreaterThanOrEqual((await told()).filter((l) => l === "saved a").length);
  });

  test.skipIf(!isThere)("a living one that is asked gives way", async () => {
    const child = start(command, ["refuse", "a", "Infinity"]);
    const ended = new Promise((resolve) => child.once("close", resolve));
    await untilTold("saved a");
    const store = await open({ whenHeld: "take-over" });
    await ended;
    const saved = (await told()).filter((line) => line === "saved a").length;
    expect(textOf(await store.read("a"))).toBe("a.".repeat(saved));
  });
});

/** Does what it is told in lines, and answers each in a line. */
const follower = `
import { createInterface } from "node:readline";
const { openFileStore } = await import(process.env.STORE_URL);
let store;
const deeds = {
  async open([folder, whenHeld]) {
    await store?.close();
    store = await openFileStore({ folder, whenHeld });
    return "open";
  },
  async save([token]) {
    await store.append("a", new TextEncoder().encode(token));
    return "saved";
  },
  async close() {
    await store?.close();
    return "closed";
  },
};
process.stdout.write("ready\\n");
for await (const line of createInterface({ input: process.stdin })) {
  const [deed, ...values] = JSON.parse(line);
  const answer = await deeds[deed](values).catch((error) => error.reason ?? String(error));
  process.stdout.write(answer + "\\n");
}
`;

interface Running {
  readonly child: ChildProcess;
  readonly answers: AsyncIterator<string>;
}

/** A process that is started when it is needed, and again after it was killed. */
class ProcessWriter implements Writer {
  folder: string;
  readonly #command: readonly string[];
  #running: Promise<Running> | undefined;

  constructor(folder: string, command: readonly string[]) {
    this.folder = folder;
    this.#command = command;
  }

  readonly open = (whenHeld: WhenHeld): Promise<string> => this.#ask("open", this.folder, whenHeld);
  readonly save = (token: string): Promise<string> => this.#ask("save", token);
  readonly close = (): Promise<string> => this.#ask("close");

  readonly kill = async (): Promise<void> => {
    const running = this.#running;
    this.#running = undefined;
    if (running === undefined) return;
    const { child } = await running;
    const ended = once(child, "close");
    child.kill("SIGKILL");
    await ended;
  };

  async #ask(...words: readonly string[]): Promise<string> {
    this.#running ??= this.#start();
    const { child, answers } = await this.#running;
    child.stdin?.write(`${JSON.stringify(words)}\n`);
    const answer = await answers.next();
    return answer.done === true ? "killed" : answer.value;
  }

  async #start(): Promise<Running> {
    const child = spawnNode(this.#command, [follower], ["pipe", "pipe", "ignore"]);
    // What it did not read when it was killed is of no interest.
    child.stdin?.on("error", () => undefined);
    if (child.stdout === null) throw new Error("no output of a process that was to have one");
    const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    // Only now is it sure that it ends when what started it is killed.
    await answers.next();
    return { child, answers };
  }
}

/** More for a campaign: reports/fuzzed.md. */
const scheduleCount = Number(process.env["STORE_SCHEDULES"] ?? 10);

test.skipIf(!canUnshare)(
  "in two PID namespaces, killed at random, no save is lost and none is there twice",
  async () => {
    const writers = [new ProcessWriter(place, unshare), new ProcessWriter(place, unshare)];
    const sum = await runSchedules(scheduleCount, async (seed) => {
      const folder = join(place, `s${seed}`);
      for (const writer of writers) writer.folder = folder;
      return await runSchedule({
        ...{ writers, random: randomOf(seed) },
        readKept: async () => textOf(await (await open({}, folder)).read("a")),
      });
    });
    process.stderr.write(`${scheduleCount} schedules of files: ${JSON.stringify(sum)}\n`);
    // On a busy machine most of what is begun is killed before it ends.
    expect(sum.saved).toBeGreaterThan(0);
  },
  // It starts hundreds of processes, on a machine that may be busy.
  60_000 * scheduleCount,
);

test("of many that are killed none writes beside another, and no save is lost", async () => {
  const random = randomOf(7);
  const held = new Set<Promise<unknown>>();
  for (let i = 0; i < 60; i++) {
    const whenHeld = i % 6 === 2 ? "take-over" : i % 6 === 5 ? "refuse" : "wait";
    const appends = Math.floor(random() * 20);
    const killedAt = random() < 0.6 ? Math.floor(random() * appends) : -1;
    const child = start([], [whenHeld, `w${i}`, String(appends), String(killedAt)]);
    const ended = new Promise((resolve) => child.once("close", resolve));
    held.add(ended);
    ended.then(() => held.delete(ended));
    if (held.size >= 6) await Promise.race(held);
  }
  await Promise.all(held);
  const kept = textOf(await (await open()).read("a"));
  const runs = [...kept.matchAll(/(w\d+\.)\1*/g)].map(([run, one = ""]) => ({
    ...{ one, count: run.length / one.length },
  }));
  expect(runs.length).toBeGreaterThan(10);
  // Each opened it once: what it wrote stands in one piece.
  expect(new Set(runs.map(({ one }) => one)).size).toBe(runs.length);
  const saved = Map.groupBy(
    (await told()).filter((line) => line.startsWith("saved ")),
    (line) => `${line.slice(6)}.`,
  );
  expect(saved.size).toBeGreaterThan(10);
  for (const [one, lines] of saved) {
    const count = runs.find((run) => run.one === one)?.count ?? 0;
    // A killed one may not have told its last.
    expect([lines.length, lines.length + 1]).toContain(count);
  }
});
