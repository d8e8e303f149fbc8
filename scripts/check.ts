/** `npm run check`: format, lint, types, tidy, unit tests, a smoke of suites and benchmarks. */
import { join } from "node:path";
import { provision, type Tools } from "../harness/build/provision/provision.ts";
import { zigCacheEnvironment } from "../harness/build/provision/provision-context.ts";
import { benchSmoke } from "./check/bench-smoke.ts";
import { zigTestCounts } from "./check/counts.ts";
import { smoke } from "./check/smoke.ts";
import { type Program, runStep, type StepContext, type StepResult } from "./check/step.ts";
import { reportError } from "./command/error-report.ts";
import type { Invocation } from "./command/invocation.ts";
import { keepCounts } from "./command/kept-counts.ts";
import { linesTo } from "./command/lines.ts";
import { runAsProcess } from "./command/process.ts";

const help = `npm run check

Checks what a commit must hold: tidy, biome (format, lint), tsc, knip (what nobody uses), vitest
(unit tests), zig fmt, zig build test, the smoke cases and tiny benchmarks on one variant.
Prints a line per step; all output of what failed.
Exit: 0 all passed, 1 something failed, 130 interrupted.
`;

async function check(invocation: Invocation): Promise<number> {
  if (invocation.arguments.length > 0) {
    const asked = invocation.arguments.every((each) => each === "--help" || each === "-h");
    (asked ? invocation.stdout : invocation.stderr).write(help);
    return asked ? 0 : 2;
  }
  try {
    const { root, environment, signal, stderr } = invocation;
    const progress = linesTo(stderr);
    const provisioned = provision({ root, environment, progress, signal });
    const results = await Promise.all([
      sourceSteps(invocation, provisioned),
      builtSteps(invocation, provisioned),
    ]);
    const failed = results.flat().filter(({ ok }) => !ok);
    for (const { name, output } of failed) {
      invocation.stdout.write(`\n--- ${name} ---\n${output.trimEnd()}\n`);
    }
    const verdict = failed.map(({ name }) => name).join(", ");
    invocation.stdout.write(verdict === "" ? "\nall passed\n" : `\nfailed: ${verdict}\n`);
    if (invocation.signal.aborted) return 130;
    return failed.length === 0 ? 0 : 1;
  } catch (error) {
    return reportError(error, invocation, "npm run check --");
  }
}

/** What needs no tool but npm's, then the unit tests: beside the steps that build. */
async function sourceSteps(
  invocation: Invocation,
  provisioned: Promise<Tools>,
): Promise<readonly StepResult[]> {
  const { root, nodePath } = invocation;
  const node = (name: string, script: string, ...args: readonly string[]): Program => ({
    name,
    command: nodePath,
    args: [join(root, script), ...args],
  });
  const results = await inOrder(invocation, [
    node("tidy", "scripts/tidy.ts"),
    node(
      "biome",
      "node_modules/@biomejs/biome/bin/biome",
      "check",
      "--error-on-warnings",
      "--max-diagnostics=100",
    ),
    node("tsc", "node_modules/typescript/bin/tsc", "--noEmit", "-p", "."),
    node("knip", "node_modules/knip/bin/knip.js"),
  ]);
  // Some unit tests build: before that they would only wait.
  await provisioned;
  const vitest = node(
    "vitest",
    "node_modules/vitest/vitest.mjs",
    "run",
    "--configLoader=native",
    "--reporter=minimal",
    // A third of the time: `npm test` gives each file a process of its own.
    "--no-isolate",
    // They build or drive whole commands: `npm test` runs them, here the smoke stands for them.
    "--exclude=tests/**",
  );
  return [...results, ...(await inOrder(invocation, [vitest]))];
}

async function builtSteps(
  invocation: Invocation,
  provisioned: Promise<Tools>,
): Promise<readonly StepResult[]> {
  const { root } = invocation;
  const tools = await provisioned;
  const zig = (name: string, ...args: readonly string[]): Program => ({
    name,
    command: tools.zigPath,
    args,
    environment: zigCacheEnvironment(root),
  });
  const results = await inOrder(invocation, [
    zig("zig fmt", "fmt", "--check", "build.zig", "build.zig.zon", "zig"),
    zig("zig build test", "build", "test", `-Dlua=${tools.luaPath}`, "--summary", "all"),
  ]);
  const zigTests = results.find(({ name }) => name === "zig build test");
  if (zigTests !== undefined) keepCounts(root, "zig", zigTestCounts(zigTests.output));
  return [...results, await smokeStep(invocation), await benchSmokeStep(invocation)];
}

async function smokeStep(invocation: Invocation): Promise<StepResult> {
  const startedMs = performance.now();
  const { ok, output } = await smoke(invocation);
  return told(invocation, { name: "smoke", ok, durationMs: performance.now() - startedMs, output });
}

async function benchSmokeStep(invocation: Invocation): Promise<StepResult> {
  const startedMs = performance.now();
  const name = "smoke of benchmarks";
  const end = (ok: boolean, output: string): StepResult =>
    told(invocation, { name, ok, durationMs: performance.now() - startedMs, output });
  try {
    await benchSmoke(invocation);
    return end(true, "");
  } catch (error) {
    if (invocation.signal.aborted) throw error;
    return end(false, error instanceof Error ? error.message : String(error));
  }
}

async function inOrder(
  invocation: Invocation,
  programs: readonly Program[],
): Promise<readonly StepResult[]> {
  const { root, environment, signal } = invocation;
  const context: StepContext = { root, environment: { ...environment, CI: "true" }, signal };
  const results: StepResult[] = [];
  for (const program of programs) {
    if (signal.aborted) break;
    results.push(told(invocation, await runStep(program, context)));
  }
  return results;
}

function told({ stdout }: Invocation, result: StepResult): StepResult {
  const took = (result.durationMs / 1000).toFixed(1).padStart(5);
  stdout.write(`${result.ok ? "passed" : "FAILED"} ${took} s  ${result.name}\n`);
  return result;
}

await runAsProcess(check);
