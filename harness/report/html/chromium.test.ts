/** In which order a Chromium is looked for. */
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { platform, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findChromium } from "./chromium.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "chromium-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function program(name: string, mode = 0o755): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, "#!/bin/sh\n");
  await chmod(path, mode);
  return path;
}

describe.skipIf(platform() === "win32")("a Chromium", () => {
  test("that was asked for comes first, and is never passed over", async () => {
    await program("chromium");
    const asked = await program("mine");
    expect(await findChromium({ PATH: folder, CHROMIUM_PATH: asked })).toEqual({ path: asked });
    const missing = await findChromium({ PATH: folder, CHROMIUM_PATH: join(folder, "none") });
    expect(missing).toEqual({ missing: expect.stringContaining("CHROMIUM_PATH names") });
  });

  test("on PATH comes next: the free one before the other", async () => {
    const PATH = ["", join(folder, "none"), folder].join(delimiter);
    const google = await program("google-chrome");
    expect(await findChromium({ PATH, CHROMIUM_PATH: "" })).toEqual({ path: google });
    await program("chromium-browser", 0o644);
    expect(await findChromium({ PATH })).toEqual({ path: google });
    const free = await program("chromium");
    expect(await findChromium({ PATH })).toEqual({ path: free });
  });
});
