/** Which Zig is taken, and what is said of others: tried on scripts that print a version. */
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ProvisionContext } from "./provision-context.ts";
import { ProvisionError } from "./provision-error.ts";
import { provisionZig, warmUpZig } from "./zig.ts";
import { zigVersion } from "./zig-wheels.ts";

let root = "";
let progress: string[] = [];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "provision-zig-"));
  progress = [];
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

function context(environment: ProvisionContext["environment"]): ProvisionContext {
  return { root, environment, progress: (line) => progress.push(line) };
}

/** A shell script in a folder of its own, which is returned. */
async function program(name: string, script: string): Promise<string> {
  const folder = await mkdtemp(join(root, "bin-"));
  await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, name), 0o755);
  return folder;
}

/** A `python3 -m pip` that says `log` and fails, for all but --version. */
async function failingPip(log: string): Promise<string> {
  const say = log.replaceAll("'", "");
  return await program(
    "python3",
    `case "$*" in *--version*) exit 0;; esac\necho '${say}' >&2\nexit 1`,
  );
}

describe.skipIf(delimiter === ";")("provisionZig", () => {
  test("takes $ZIG before PATH", async () => {
    const chosen = join(await program("zig", `echo ${zigVersion}`), "zig");
    const other = await program("zig", `echo ${zigVersion}`);
    expect(await provisionZig(context({ ZIG: chosen, PATH: other }))).toBe(chosen);
  });

  test("refuses a $ZIG of another version though PATH has the right one", async () => {
    const ZIG = join(await program("zig", "echo 0.16.0"), "zig");
    const PATH = await program("zig", `echo ${zigVersion}`);
    const refused = provisionZig(context({ ZIG, PATH }));
    await expect(refused).rejects.toThrow(ProvisionError);
    await expect(refused).rejects.toThrow(/\$ZIG names Zig 0\.16\.0, but the project needs/);
    await expect(provisionZig(context({ ZIG: "/nowhere/zig", PATH }))).rejects.toThrow(
      /\$ZIG names no Zig that runs/,
    );
  });

  test("passes over a wrong Zig on PATH and says so", async () => {
    const wrong = await program("zig", "echo 0.18.0-dev.1");
    const broken = await program("zig", "exit 1");
    const right = await program("zig", `echo ${zigVersion}`);
    const PATH = [wrong, broken, right].join(delimiter);
    expect(await provisionZig(context({ PATH }))).toBe(join(right, "zig"));
    expect(progress).toEqual([
      `not used: ${wrong}/zig is Zig 0.18.0-dev.1, not ${zigVersion}`,
      `not used: ${broken}/zig is Zig that does not run, not ${zigVersion}`,
    ]);
  });

  test.each([
    ["ERROR: Could not find a version (from versions: none)", /no network/],
    ["ERROR: Could not find a version (from versions: 0.1, 0.2)", /the index has no ziglang/],
    ["ERROR: [Errno 28] No space left on device", /the disk is full/],
    [
      `THESE PACKAGES DO NOT MATCH THE HASHES\n  Expected sha256 x\n  Got ${"ab".repeat(32)}`,
      /wrong checksum: (ab){32}/,
    ],
    ["ERROR: something else", /pip failed: ERROR: something else/],
  ])("turns pip's %j into a cause and a remedy", async (log, message) => {
    const failed = provisionZig(context({ PATH: await failingPip(log) }));
    await expect(failed).rejects.toThrow(ProvisionError);
    await expect(failed).rejects.toThrow(message);
    await expect(failed).rejects.toThrow(/remedy: .*npm run setup/);
    expect(await readdir(join(root, ".tools"))).toEqual([]);
  });

  test("names Python when there is none", async () => {
    await mkdir(join(root, "empty"));
    await expect(provisionZig(context({ PATH: join(root, "empty") }))).rejects.toThrow(
      /Python 3 with pip is not there[\s\S]*remedy: install Python 3/,
    );
  });
});

describe.skipIf(delimiter === ";")("warmUpZig", () => {
  const slowAfterMs = 250;

  test("says nothing of minutes where Zig has all in its cache", async () => {
    const zig = join(await program("zig", "exit 0"), "zig");
    await warmUpZig(zig, context(process.env), 10_000);
    await warmUpZig(zig, context(process.env), 0);
    expect(progress).toEqual([]);
  });

  test("says that it takes minutes where it does", async () => {
    const zig = join(await program("zig", "sleep 0.6"), "zig");
    await warmUpZig(zig, context(process.env), slowAfterMs);
    expect(progress).toEqual([expect.stringContaining("one to three minutes")]);
  });
});
