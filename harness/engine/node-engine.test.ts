/** Tests of the engine `node` on real processes: messages, output, exits, and what is not there. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { engineByName, engineNames } from "./engines.ts";
import { nodeEngine } from "./node-engine.ts";

const echo = `
process.on("message", (message) => {
  if (message.exit !== undefined) process.exit(message.exit);
  if (message.print !== undefined) process.stderr.write(message.print);
  process.send({ echoed: message });
});
process.on("disconnect", () => process.exit());
`;

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "engine-"));
  writeFileSync(join(directory, "echo.mjs"), echo);
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function engine(execPath = process.execPath) {
  const entry = pathToFileURL(join(directory, "echo.mjs"));
  return nodeEngine({ execPath, entry, environment: process.env });
}

describe("a worker", () => {
  test("answers, keeps what it prints, and tells how it ended", async () => {
    const worker = engine().start();
    const echoed = new Promise((resolve) => worker.onMessage(resolve));
    worker.send({ print: "evidence" });
    expect(await echoed).toEqual({ echoed: { print: "evidence" } });
    worker.send({ exit: 7 });
    expect(await worker.exited).toEqual({ reason: "exit code 7" });
    expect(worker.takeOutput()).toBe("evidence");
    expect(worker.takeOutput()).toBe("");
    worker.send({ print: "after its end" });
  });

  test("ends when it is killed", async () => {
    const worker = engine().start();
    worker.kill();
    expect(await worker.exited).toEqual({ reason: "signal SIGKILL" });
  });

  test("of a program that is not there ends with the reason", async () => {
    const { reason } = await engine(join(directory, "no-such-node")).start().exited;
    expect(reason).toContain("did not start");
  });
});

describe("the probe", () => {
  test("tells the version", async () => {
    expect(await engine().probe()).toEqual({ state: "available", version: process.versions.node });
  });

  test("tells what is missing, and what mends it", async () => {
    const probe = await engine(join(directory, "no-such-node")).probe();
    expect(probe).toMatchObject({ state: "unsupported", remedy: "npm ci" });
  });
});

test("the table knows its engines by name, and no other", () => {
  const settings = {
    nodePath: process.execPath,
    bunPath: "bun",
    denoPath: "deno",
    nodeEntry: pathToFileURL(join(directory, "echo.mjs")),
    environment: {},
  };
  for (const name of engineNames) expect(engineByName(name, settings)?.name).toBe(name);
  expect(engineByName("netscape", settings)).toBeUndefined();
});
