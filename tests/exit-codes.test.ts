/** Tests of runs on a real wasm, sound, then broken on purpose: each gives its exit code. */
import { createHash } from "node:crypto";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { platform, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { quickVariants } from "../harness/variant/list.ts";
import { recordedInvocation } from "../scripts/command/invocation.fixture.ts";
import type { Invocation } from "../scripts/command/invocation.ts";
import { main } from "../scripts/matrix/main.ts";
import { builtArtifacts } from "../scripts/subject/run-context.ts";
import { subjectOf } from "../scripts/subject/select.ts";

const project = fileURLToPath(new URL("..", import.meta.url)).replace(/[\\/]$/, "");
const surroundings = {
  environment: process.env,
  nodePath: process.execPath,
  nodeVersion: process.versions.node,
};
let root: string;
let wasm: Buffer;

beforeAll(async () => {
  const { invocation } = recordedInvocation("", { ...surroundings, root: project });
  const [variant] = quickVariants();
  if (variant === undefined) throw new Error("no quick variant");
  const { artifactOf } = await builtArtifacts({
    invocation,
    force: false,
    progress: () => undefined,
  });
  const { signal } = invocation;
  const built = await artifactOf(subjectOf(variant), { onStep: () => undefined, signal });
  if (!built.ok) throw new Error(built.message);
  wasm = readFileSync(built.artifact.wasmPath);
  root = mkdtempSync(join(tmpdir(), "matrix-exit-"));
  mkdirSync(join(root, "reports"));
  copyFileSync(join(project, "reports/budgets.json"), join(root, "reports/budgets.json"));
  writeFileSync(join(root, "core.wasm"), wasm);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function matrix(commandLine: string, parts: Partial<Invocation> = {}) {
  const { invocation, out, err } = recordedInvocation(
    commandLine,
    { ...surroundings, root },
    parts,
  );
  const exitCode = await main(invocation);
  return { exitCode, out: out(), err: err() };
}

/** The wasm with one name in it changed, all sizes the same. */
function renamed(name: string, to: string): string {
  expect(to).toHaveLength(name.length);
  const at = wasm.indexOf(name);
  expect(at).toBeGreaterThan(0);
  const changed = Buffer.from(wasm);
  changed.write(to, at);
  const file = `${createHash("sha256").update(to).digest("hex").slice(0, 8)}.wasm`;
  writeFileSync(join(root, file), changed);
  return file;
}

describe("a sound wasm", () => {
  test("exits 0, and the second time nothing is run again", async () => {
    const first = await matrix("--wasm core.wasm --suite exports");
    expect(first.out).toContain("every case that ran passed");
    expect(first.exitCode).toBe(0);
    const second = await matrix("--wasm core.wasm --suite exports --json");
    expect(second.exitCode).toBe(0);
    const report: unknown = JSON.parse(second.out);
    expect(report).toHaveProperty("cache");
    const { cache } = report as { cache: { outcomesCount: number; outcomesReusedCount: number } };
    expect(cache.outcomesCount).toBeGreaterThan(5);
    expect(cache.outcomesReusedCount).toBe(cache.outcomesCount);
    for (const name of ["report.json", "report.md", "report.html", "junit.xml"]) {
      expect(readFileSync(join(root, "reports/latest", name), "utf8")).not.toBe("");
    }
  });

  test("over a budget exits 6 and names the figure", async () => {
    const limits = [{ metric: "raw", maxBytes: 1000, reason: "on purpose" }];
    const path = join(root, "reports/budgets.json");
    const budgets = readFileSync(path);
    writeFileSync(path, JSON.stringify({ schema: 1, limits }));
    const { exitCode, out } = await matrix("--wasm core.wasm --suite exports");
    writeFileSync(path, budgets);
    expect(exitCode).toBe(6);
    expect(out).toContain("1,000");
  });

  test("with a clock that is set back in mid-run exits 0, with a report", async () => {
    let dateMs = Date.UTC(2026, 0, 1, 12);
    const now = (): Date => {
      dateMs -= 3_600_000;
      return new Date(dateMs);
    };
    const { exitCode, err } = await matrix("--wasm core.wasm --suite exports", { now });
    expect(err).not.toContain("schema");
    expect(exitCode).toBe(0);
    const records = readFileSync(join(root, "reports/latest/records.jsonl"), "utf8");
    expect(records).toMatch(/"kind":"end".*"durationMs":\d/);
    const ctrf: unknown = JSON.parse(readFileSync(join(root, "reports/latest/ctrf.json"), "utf8"));
    const { summary } = (ctrf as { results: { summary: { start: number; stop: number } } }).results;
    expect(summary.stop).toBeGreaterThanOrEqual(summary.start);
  });

  test.skipIf(platform() !== "linux")(
    "on a disk that is full by then exits 1, in words",
    async () => {
      symlinkSync("/dev/full", join(root, "reports/latest/report.html.part"));
      const { exitCode, err } = await matrix("--wasm core.wasm --suite exports");
      expect(exitCode).toBe(1);
      expect(err).toContain("the disk is full");
      expect(err).toContain(`at: ${join(root, "reports/latest/report.html")}`);
      expect(err).not.toMatch(/^ {4}at /m);
      expect((await matrix("--stage report")).exitCode).toBe(0);
    },
  );

  test("interrupted exits 130, and keeps its records", async () => {
    const stop = new AbortController();
    const stderr = {
      write: (text: string): void => {
        if (text.includes("built")) stop.abort();
      },
    };
    const { exitCode } = await matrix("--wasm core.wasm --suite exports --force", {
      signal: stop.signal,
      stderr,
    });
    expect(exitCode).toBe(130);
    const records = readFileSync(join(root, "reports/latest/records.jsonl"), "utf8");
    expect(records).toContain('"interrupted":true');
    expect(records).toContain('"state":"not-run"');
  });
});

describe("a broken wasm", () => {
  test("without an export exits 5, and the export is named", async () => {
    const { exitCode, out } = await matrix(`--suite exports --wasm ${renamed("run_gc", "run_gd")}`);
    expect(out).toContain("run_gc");
    expect(exitCode).toBe(5);
  });

  test("with a foreign import exits 5 and names it; the repro fails as well", async () => {
    const file = renamed("js_clock", "js_clack");
    const { exitCode, out } = await matrix(`--suite exports --wasm ${file}`);
    expect(out).toContain("js_clack");
    expect(exitCode).toBe(5);
    const repro = /npm run matrix -- (repro .*)/.exec(out)?.[1] ?? "";
    expect(repro).toContain(`--wasm ${file}`);
    expect(await matrix(repro)).toMatchObject({ exitCode: 5 });
  });

  test("of another ABI is refused with both versions", async () => {
    const { exitCode, err } = await matrix(`--wasm ${renamed('"abi":1', '"abi":9')}`);
    expect(err).toMatch(/ABI 9.* 1/);
    expect(exitCode).toBe(2);
  });
});
