/** That a set-up that fails is told apart from a build that fails: 1 with the remedy, not 3. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

function run(script: string): Promise<{ readonly code: unknown; readonly stderr: string }> {
  const root = join(import.meta.dirname, "..");
  const env = { ...process.env, ZIG: join(root, "no-such-zig") };
  const args = [join("scripts", script), ...(script === "build.ts" ? ["optimize=Debug"] : [])];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: root, env }, (error, _, stderr) => {
      resolve({ code: error?.code ?? 0, stderr });
    });
  });
}

test.each(["setup.ts", "build.ts"])("%s exits 1 and names the remedy", async (script) => {
  const { code, stderr } = await run(script);
  expect(stderr).toContain("remedy: set ZIG to a Zig 0.17.0");
  expect(stderr).not.toMatch(/^\s+at .*:\d+:\d+/m);
  expect(code).toBe(1);
});
