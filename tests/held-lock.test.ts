/** Holders of a folder's lock that can't answer, and workers of a cluster that hold it. */
import { type ChildProcess, spawn } from "node:child_process";
import { getEventListeners, once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, Server, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openFileStore } from "../runtime/store/file-store.ts";

let folder = "";
let children: ChildProcess[] = [];
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), "held-")), "s");
});
afterEach(async () => {
  for (const { pid } of children) if (pid !== undefined) process.kill(-pid, "SIGKILL");
  children = [];
  await rm(join(folder, ".."), { recursive: true });
});

/** A process with a text as its program; resolves when it has said that line. */
async function start(program: string, line: string, shell?: string): Promise<ChildProcess> {
  const file = join(folder, "..", "program.mjs");
  await writeFile(file, program);
  const node = [process.execPath, file];
  const [command = "", ...args] = shell === undefined ? node : ["sh", "-c", shell, ...node];
  const env = {
    ...process.env,
    STORE_FOLDER: folder,
    STORE_URL: new URL("../runtime/store/file-store.ts", import.meta.url).href,
  };
  // A group of its own, so that what it starts can be ended with it.
  const child = spawn(command, args, { env, stdio: ["ignore", "pipe", "inherit"], detached: true });
  children.push(child);
  const lines: string[] = [];
  for await (const said of createInterface({ input: child.stdout })) {
    lines.push(said);
    if (said === line) break;
  }
  expect(lines).toEqual([line]);
  return child;
}

describe.each(["wait", "take-over"] as const)("who opens with %s", (whenHeld) => {
  test("does not take a lock whose holder closes each connection at once", async () => {
    await mkdir(folder);
    let closed = 0;
    const holder = createServer((guest) => {
      closed += 1;
      guest.on("error", () => undefined);
      guest.destroy();
    }).listen(join(folder, "lock.1"));
    await once(holder, "listening");
    const stop = new AbortController();
    const reason = new Error("no longer");
    const given = openFileStore({ folder, whenHeld, signal: stop.signal });
    const refused = expect(given).rejects.toBe(reason);
    while (closed < 5) await delay(5);
    stop.abort(reason);
    await refused;
    const waiting = openFileStore({ folder, whenHeld });
    while (closed < 10) await delay(5);
    holder.close();
    await (await waiting).close();
  });

  test("waits for a holder that is out of file descriptors", async () => {
    const program = `
    import { openSync } from "node:fs";
    const { openFileStore } = await import(process.env.STORE_URL);
    const store = await openFileStore({ folder: process.env.STORE_FOLDER });
    try { for (;;) openSync("/dev/null", "r"); } catch { console.log("no more"); }
    setInterval(() => undefined, 1000);`;
    const holder = await start(program, "no more", 'ulimit -n 128 && exec "$0" "$@"');
    let isOpen = false;
    const opening = openFileStore({ folder, whenHeld }).then((store) => {
      isOpen = true;
      return store;
    });
    await delay(500);
    expect(isOpen).toBe(false);
    children.pop();
    holder.kill("SIGKILL");
    await (await opening).close();
  });
});

test("who is out of file descriptors itself is told so, not that another has it", async () => {
  const holder = await openFileStore({ folder });
  const program = `
  import { closeSync, openSync } from "node:fs";
  const { openFileStore } = await import(process.env.STORE_URL);
  const taken = [];
  try {
    for (;;) taken.push(openSync("/dev/null", "r"));
  } catch (error) {
    if (error.code !== "EMFILE") throw error;
  }
  // So many fewer each time: in whichever step it ends, nobody else is to blame.
  for (let spare = 0; spare < 6; spare++) {
    const options = { folder: process.env.STORE_FOLDER, whenHeld: "wait" };
    const signal = AbortSignal.timeout(200);
    const failed = openFileStore({ ...options, signal }).catch((error) => error);
    const { name, reason, message } = await failed;
    const isTold = reason === "failed" && /more open files/.test(message);
    if (!isTold && name !== "TimeoutError") console.log(name, reason, message);
    closeSync(taken.pop());
  }
  console.log("all told");`;
  await start(program, "all told", 'ulimit -n 128 && exec "$0" "$@"');
  await holder.close();
});

test("guests that the system can't let in do no harm to the holder", async () => {
  const listening = vi.spyOn(Server.prototype, "listen");
  const store = await openFileStore({ folder });
  const server = listening.mock.contexts.find((each) => each instanceof Server);
  expect(server).toBeDefined();
  listening.mockRestore();
  for (let i = 0; i < 3; i++) server?.emit("error", new Error("accept EMFILE"));
  await store.write("a", Uint8Array.of(1));
  await expect(openFileStore({ folder })).rejects.toMatchObject({ reason: "locked" });
  await store.close();
});

test("a worker of a cluster holds the lock itself, also once it is disconnected", async () => {
  const program = `
  import cluster from "node:cluster";
  if (cluster.isPrimary) {
    const worker = cluster.fork();
    worker.on("message", () => worker.disconnect());
    worker.on("disconnect", () => console.log("disconnected"));
  } else {
    const { openFileStore } = await import(process.env.STORE_URL);
    globalThis.store = await openFileStore({ folder: process.env.STORE_FOLDER });
    setInterval(() => undefined, 1000);
    process.send("open");
  }`;
  await start(program, "disconnected");
  await expect(openFileStore({ folder })).rejects.toMatchObject({ reason: "locked" });
});

test.each(["refuse", "wait", "take-over", "read"] as const)(
  "who opens with %s just when the holder lets go has the store",
  async (whenHeld) => {
    await mkdir(folder);
    const holder = createServer().listen(join(folder, "lock.1"));
    await once(holder, "listening");
    const { connect } = Socket.prototype;
    const connecting = vi.spyOn(Socket.prototype, "connect").mockImplementationOnce(function (
      this: Socket,
      ...args: readonly unknown[]
    ) {
      const socket = Reflect.apply(connect, this, args);
      holder.close();
      return socket;
    });
    const store = await openFileStore({ folder, whenHeld });
    expect(connecting).toHaveBeenCalled();
    expect(store.isReadOnly).toBe(false);
    await store.close();
    connecting.mockRestore();
  },
);

test("a signal has no listener left of what has waited with it", async () => {
  const stop = new AbortController();
  const listening = vi.spyOn(stop.signal, "addEventListener");
  let first = await openFileStore({ folder });
  for (let i = 0; i < 3; i++) {
    const next = openFileStore({ folder, whenHeld: "take-over", signal: stop.signal });
    await vi.waitFor(() => expect(listening).toHaveBeenCalledTimes(i + 1));
    first = await next;
  }
  await first.close();
  expect(getEventListeners(stop.signal, "abort")).toEqual([]);
});
