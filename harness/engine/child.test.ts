/** That a child's own children end with it, by whichever way the caller is stopped. */
import { spawn } from "node:child_process";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { platform, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runChild } from "./child.ts";

let folder = "";
let beatPath = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "child-"));
  beatPath = join(folder, "beat");
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** Ten seconds of a grandchild that nobody ends. */
const beatsMax = 500;

/** A shell that waits for a grandchild, which writes a byte at a time while it lives. */
function family(grandchild = ""): readonly [string, ...string[]] {
  const beat = `for beat in $(seq ${beatsMax}); do echo >> '${beatPath}'; sleep 0.02; done`;
  return ["sh", "-c", `(${grandchild} ${beat}) & wait; true`];
}

async function beats(): Promise<number> {
  return (await stat(beatPath).catch(() => undefined))?.size ?? 0;
}

async function untilItBeats(): Promise<void> {
  const before = await beats();
  while ((await beats()) === before) await delay(10);
}

/** Its beats, once none came in a time in which a living grandchild has about ten. */
async function beatsAtItsEnd(): Promise<number> {
  for (;;) {
    const before = await beats();
    await delay(300);
    if ((await beats()) === before) return before;
  }
}

describe.skipIf(platform() === "win32")("a grandchild", () => {
  test.each([
    ["that ends when asked", ""],
    ["that does not listen", "trap '' TERM;"],
    ["that holds no pipe", "exec >&- 2>&-; trap '' TERM;"],
  ])("%s dies with an aborted child", async (_, grandchild) => {
    const interruption = new AbortController();
    const { signal } = interruption;
    const running = runChild({ command: family(grandchild), cwd: folder, signal });
    const ended = expect(running).rejects.toThrow("stop");
    await untilItBeats();
    await untilItBeats();
    interruption.abort(new Error("stop"));
    await ended;
    expect(await beatsAtItsEnd()).toBeLessThan(beatsMax);
  });

  test("dies when the harness exits without waiting", async () => {
    const module = JSON.stringify(new URL("child.ts", import.meta.url).href);
    const child = JSON.stringify({ command: family("trap '' TERM;"), cwd: folder });
    const script = `import { runChild } from ${module};
      process.stdin.once("data", () => process.exit(130));
      void runChild(${child});`;
    const harness = spawn(process.execPath, ["--input-type=module", "-e", script]);
    const exit = new Promise((resolve) => harness.once("exit", resolve));
    await untilItBeats();
    harness.stdin.write("stop");
    expect(await exit).toBe(130);
    expect(await beatsAtItsEnd()).toBeLessThan(beatsMax);
  });
});
