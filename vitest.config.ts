/** How vitest runs the unit tests, and the quick variants' cases under `npm test`. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{harness,suites,benchmarks,scripts,web}/**/*.test.ts"],
    // Two cores are shared by the tests, and by the children and builds that some of them start.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
