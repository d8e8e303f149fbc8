/** Tests of a whole run on real child processes: one outcome per case, whatever a case does. */
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { OutcomeRecord } from "../harness/record/record.ts";
import type { RunContext } from "../harness/run/context.ts";
import { OutcomeCache } from "../harness/run/outcome-cache.ts";
import { fixturePlan, type RunFixture, runFixture } from "../harness/run/run.fixture.ts";
import { run } from "../harness/run/run.ts";
import { caseStages } from "../harness/run/stages/cases.ts";

/** The cases of the context's plan. */
const runCases = (context: RunContext): Promise<void> => run(caseStages(context.plan), context);

let fixture: RunFixture;
beforeEach(() => {
  fixture = runFixture({ execPath: process.execPath, environment: process.env });
});
afterEach(() => fixture[Symbol.dispose]());

function stateOf(caseName: string, subject = "one"): string | undefined {
  const found = fixture
    .outcomes()
    .filter((each) => each.variant === subject && each.case === `fixture/${caseName}`);
  expect(found.length).toBeLessThanOrEqual(1);
  return found[0]?.state;
}

function figuresOf(caseName: string): OutcomeRecord["figures"] {
  return fixture.outcomes().find((each) => each.case === `fixture/${caseName}`)?.figures;
}

describe("run", () => {
  test("charges each case with what it did, and the others go on", async () => {
    await runCases(fixture.context());
    for (const subject of ["one", "two"]) {
      expect(stateOf("passes", subject)).toBe("pass");
      expect(stateOf("fails", subject)).toBe("fail");
      expect(stateOf("hangs", subject)).toBe("timeout");
      expect(stateOf("rejects", subject)).toBe("crash");
      expect(stateOf("throws-later", subject)).toBe("crash");
      expect(stateOf("traps", subject)).toBe("crash");
      expect(stateOf("skips", subject)).toBe("skipped");
      expect(stateOf("needs-a-fridge", subject)).toBe("unsupported");
      expect(stateOf("passes-too", subject)).toBe("pass");
      expect(stateOf("rare", subject)).toBeUndefined();
    }
    expect(fixture.outcomes()).toHaveLength(20);
    const message = (name: string): string | undefined =>
      fixture.outcomes().find((each) => each.case === `fixture/${name}`)?.message;
    expect(message("fails")).toContain("on purpose");
    expect(message("hangs")).toContain("300 ms");
    expect(message("rejects")).toContain("left behind");
    expect(message("throws-later")).toContain("thrown later");
    expect(message("traps")).toContain("unreachable");
    expect(message("needs-a-fridge")).toContain("fridge");
    expect(figuresOf("measures")).toEqual({ wasmBytes: 35 });
    expect(figuresOf("passes")).toBeUndefined();
  });

  test("reuses passes and skips alone; starts no worker when all is known", async () => {
    await runCases(fixture.context());
    fixture.records.length = 0;
    const cache = new OutcomeCache(join(fixture.directory, "outcomes"));
    await runCases(fixture.context({ cache }));
    const reused = fixture.outcomes().filter((each) => each.reused);
    expect(new Set(reused.map(({ state }) => state))).toEqual(new Set(["pass", "skipped"]));
    expect(reused).toHaveLength(8);
    expect(fixture.outcomes()).toHaveLength(20);
    expect(figuresOf("measures")).toEqual({ wasmBytes: 35 });

    const starts = fixture.starts();
    fixture.records.length = 0;
    await runCases(
      fixture.context({
        cache: new OutcomeCache(join(fixture.directory, "outcomes")),
        plan: fixturePlan(["one", "two"], (id) => id.startsWith("fixture/passes")),
      }),
    );
    expect(fixture.outcomes().map(({ reused: was }) => was)).toEqual([true, true, true, true]);
    expect(fixture.starts()).toBe(starts);
  });

  test("another seed, another closure and --force reuse nothing", async () => {
    const passing = fixturePlan(["one"], (id) => id.startsWith("fixture/passes"));
    await runCases(fixture.context({ plan: passing }));
    const fresh = () => new OutcomeCache(join(fixture.directory, "outcomes"));
    for (const part of [{ seed: 2 }, { closureOf: async () => "changed" }, { force: true }]) {
      fixture.records.length = 0;
      await runCases(fixture.context({ plan: passing, cache: fresh(), ...part }));
      expect(fixture.outcomes().map(({ reused }) => reused)).toEqual([false, false]);
    }
  });

  test("when interrupted, what is finished is kept, the rest recorded as not run", async () => {
    const stop = new AbortController();
    const { onEvent } = fixture.context();
    await runCases(
      fixture.context({
        jobs: 1,
        signal: stop.signal,
        plan: fixturePlan(["one", "two"], (id) => /passes|hangs/.test(id)),
        onEvent: (event) => {
          onEvent(event);
          if (event.kind === "case-started" && event.case === "fixture/hangs") stop.abort();
        },
      }),
    );
    expect(stateOf("passes")).toBe("pass");
    expect(stateOf("hangs")).toBe("not-run");
    expect(fixture.outcomes()).toHaveLength(6);
    fixture.records.length = 0;
    await runCases(
      fixture.context({
        cache: new OutcomeCache(join(fixture.directory, "outcomes")),
        plan: fixturePlan(["one"], (id) => id === "fixture/passes"),
      }),
    );
    expect(fixture.outcomes()[0]?.reused).toBe(true);
  });

  test("a failed build costs its own cases alone", async () => {
    const { artifactOf } = fixture.context();
    await runCases(
      fixture.context({
        plan: fixturePlan(["one", "two"], (id) => id === "fixture/passes"),
        artifactOf: async (subject, hooks) =>
          subject.id === "one"
            ? { ok: false, message: "error: no such thing" }
            : await artifactOf(subject, hooks),
      }),
    );
    expect(stateOf("passes", "one")).toBe("not-run");
    expect(stateOf("passes", "two")).toBe("pass");
    const build = fixture.records.find((each) => each.kind === "build" && each.variant === "one");
    expect(build).toMatchObject({ state: "failed", message: "error: no such thing" });
  });

  test("an engine that is not there makes its cases unsupported, with the evidence", async () => {
    const { engine } = fixture;
    const probe = { state: "unsupported", evidence: "no program", remedy: "npm ci" } as const;
    await runCases(fixture.context({ engines: new Map([["node", { engine, probe }]]) }));
    expect(new Set(fixture.outcomes().map(({ state }) => state))).toEqual(new Set(["unsupported"]));
    expect(fixture.outcomes()[0]?.message).toContain("no program");
    expect(fixture.starts()).toBe(0);
  });

  test("a fault of the harness ends the run with its error", async () => {
    const broken = fixture.context({ suitesUrl: new URL("./no-such.ts", import.meta.url).href });
    await expect(runCases(broken)).rejects.toThrow("no-such.ts");
  });
});
