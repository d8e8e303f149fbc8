/** How vitest runs the unit tests, and the quick variants' cases under `npm test`. */
import { defineConfig } from "vitest/config";
import { goldenUpdate } from "./scripts/check/goldens.ts";
import { viteRoot } from "./scripts/check/vite-root.ts";

export default defineConfig({
  root: viteRoot(import.meta.dirname),
  // Else a link would be followed back to the path that Vite can't read.
  resolve: { preserveSymlinks: true },
  test: {
    include: ["{runtime,tests,harness,suites,benchmarks,scripts,web}/**/*.test.ts"],
    // Two cores are shared by the tests, and by the children and builds that some of them start.
    maxWorkers: 2,
    // Golden files and inline snapshots; `UPDATE_GOLDEN=1 npm test` writes them.
    update: goldenUpdate(),
    // They end what hangs: a busy machine makes a test slow, not wrong.
    testTimeout: 15 * 60_000,
    hookTimeout: 15 * 60_000,
  },
});
