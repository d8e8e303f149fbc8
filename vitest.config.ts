/** How vitest runs the unit tests, and the quick variants' cases under `npm test`. */
import { mkdtempSync, rmdirSync, symlinkSync, unlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { defineConfig } from "vitest/config";

/**
 * Vite takes `#` and `?` in a path for parts of a URL, and finds no file behind them: a checkout in
 * such a folder is reached through a link in a folder whose name has none.
 */
function rootForVite(): string {
  const root = import.meta.dirname;
  if (!/[#?]/.test(root)) return root;
  const link = join(mkdtempSync(join(tmpdir(), "vitest-root-")), "project");
  symlinkSync(root, link, "junction");
  process.once("exit", () => {
    unlinkSync(link);
    rmdirSync(dirname(link));
  });
  return link;
}

export default defineConfig({
  root: rootForVite(),
  // Else the link would be followed back to the path that can't be read.
  resolve: { preserveSymlinks: true },
  test: {
    include: ["{harness,suites,benchmarks,scripts,web}/**/*.test.ts"],
    // Two cores are shared by the tests, and by the children and builds that some of them start.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
