/** Tests of the folder that Vite is given: unit tests run in a checkout of any name. */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { platform, tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

const project = join(import.meta.dirname, "../..");

test.skipIf(platform() === "win32")("vitest runs in a folder named a#1 ?%25 é'", () => {
  const above = mkdtempSync(join(tmpdir(), "vite-"));
  const root = join(above, "a#1 ?%25 é'");
  try {
    mkdirSync(join(root, "scripts/check"), { recursive: true });
    const check = ["goldens.ts", "vite-root.ts"].map((name) => `scripts/check/${name}`);
    for (const name of ["package.json", "vitest.config.ts", ...check]) {
      copyFileSync(join(project, name), join(root, name));
    }
    symlinkSync(join(project, "node_modules"), join(root, "node_modules"));
    const test = 'import { test } from "vitest";\ntest("one", () => {});\n';
    writeFileSync(join(root, "scripts/one.test.ts"), test);
    const vitest = join(root, "node_modules/vitest/vitest.mjs");
    const args = [vitest, "run", "--configLoader=native", "--reporter=default"];
    const environment = {
      ...process.env,
      VITEST: undefined,
      VITEST_WORKER_ID: undefined,
      NO_COLOR: "1",
    };
    const { stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: root,
      encoding: "utf8",
      env: environment,
    });
    expect(stdout + stderr).toContain("1 passed");
  } finally {
    rmSync(above, { recursive: true });
  }
});
