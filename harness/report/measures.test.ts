/** Tests of what is made of measurements: costs, ledgers, times, peers, effects, fronts. */
import { describe, expect, test } from "vitest";
import { baselineRecords } from "../record/baseline.ts";
import type { ResultRecord, TimingRecord } from "../record/record.ts";
import { median } from "../statistics/location.ts";
import { effectsOf, interactionsOf } from "./effects.ts";
import { fixtureRecords, fixtureRun, fixtureVariants } from "./fixture.ts";
import { fixtureClassic, fixtureTimings } from "./fixture-measures.ts";
import { reportModel } from "./model.ts";

const good = fixtureRecords({ troubled: false });
const baseline = baselineRecords(good);
const model = reportModel({
  records: fixtureRecords({ troubled: true }),
  ...{ baseline, classic: fixtureClassic },
});
const fast = "freestanding-fast-exnref-opt";

describe("exact costs", () => {
  test("stand beside the baseline's: a rise of half a per cent is told", () => {
    const risen = model.costs.filter(({ changeInstructions = 0 }) => changeInstructions > 0);
    expect(new Set(risen.map(({ workload }) => workload))).toEqual(new Set(["sort"]));
    expect(risen).toHaveLength(12);
    expect(risen[0]?.changePercent).toBeCloseTo(0.5, 3);
    const total = model.costTotals.find(({ variant }) => variant === fast);
    expect(total?.changePercent).toBeCloseTo(100 * (1.005 ** (1 / 8) - 1), 4);
    expect(model.answers.slowed.headline).toContain("sort executes +0.50 %");
  });

  test("of one instruction more are a rise, however small the per cent", () => {
    const records = good.map((record): ResultRecord => {
      const isOne = record.kind === "cost" && record.variant === fast && record.workload === "fib";
      return isOne ? { ...record, instructions: record.instructions + 1 } : record;
    });
    const { answers } = reportModel({ records, baseline });
    expect(answers.slowed).toMatchObject({ answer: "yes", tone: "notice" });
    expect(answers.slowed.headline).toContain("fib executes +<0.01 %");
  });
});

describe("ledgers", () => {
  test("tell what was added, removed, grown, and by how much each group", () => {
    const ledger = model.ledgers.find(({ variant }) => variant === fast);
    const states = new Set(ledger?.changes.map(({ state }) => state));
    expect(states).toEqual(new Set(["added", "removed", "grown"]));
    const sum = ledger?.groups.reduce((all, { changeBytes = 0 }) => all + changeBytes, 0);
    expect(sum).toBe(700);
    expect(ledger).toMatchObject({ baselineBytes: 271_900, totalBytes: 272_600 });
    const untouched = model.ledgers.find(({ variant }) => variant === "wasi-debug-js-none");
    expect(untouched?.groups.every(({ changeBytes }) => changeBytes === 0)).toBe(true);
  });

  test("that miss bytes are warned of", () => {
    const records = good.map(
      (record): ResultRecord =>
        record.kind === "ledger" && record.variant === fast
          ? { ...record, unaccountedBytes: 3 }
          : record,
    );
    expect(reportModel({ records }).warnings).toEqual([
      `The ledger of ${fast} leaves 3 bytes unaccounted for.`,
    ]);
  });
});

describe("times", () => {
  const fib = model.workloads.find(({ workload }) => workload === "fib");
  const subject = (name: string) => fib?.subjects.find((one) => one.subject === name);

  test("have a verdict beside the first subject, and the twin is equal", () => {
    expect(fib?.subjects[0]).not.toHaveProperty("comparison");
    expect(subject(`${fast} (A/A)`)).toMatchObject({
      role: "twin",
      comparison: { verdict: "equal" },
    });
    expect(subject("wasmoon-1.16.0")).toMatchObject({
      role: "peer",
      comparison: { verdict: "slower" },
    });
    expect(subject("native-5.4.8")?.comparison?.verdict).toBe("faster");
  });

  test("beside what they were, by way of a peer: 7 % more is slower", () => {
    const change = subject(fast)?.change;
    expect(change?.verdict).toBe("slower");
    expect(change?.ratio).toBeCloseTo(1.07, 2);
    expect(change?.low).toBeGreaterThan(1.05);
    expect(change?.against).toContain("both beside wasmoon-1.16.0");
  });

  test("of another machine, or without a peer, are compared with nothing", () => {
    const elsewhere = baseline.map((record) =>
      record.kind === "run"
        ? { ...record, fingerprint: { ...record.fingerprint, cpu: "another" } }
        : record,
    );
    const alone = baseline.filter((r) => r.kind !== "timing" || Object.keys(r.axes).length > 0);
    for (const other of [elsewhere, alone]) {
      const { workloads } = reportModel({ records: good, baseline: other });
      expect(
        workloads.flatMap((one) => one.subjects.flatMap(({ change }) => change ?? [])),
      ).toEqual([]);
    }
  });

  test("of an earlier revision side by side come before the baseline's", () => {
    const timings = fixtureTimings({ variants: fixtureVariants() });
    const earlier = timings
      .filter(({ variant }) => variant === fast)
      .map(
        (timing): TimingRecord => ({
          ...timing,
          variant: `${fast} @ 0123abc`,
          role: "revision" as const,
          samplesMs: timing.samplesMs.map((ms) => ms * 1.1),
        }),
      );
    const records = [fixtureRun, ...timings, ...earlier];
    const found = reportModel({ records, baseline }).workloads[0]?.subjects;
    const change = found?.find((one) => one.subject === fast)?.change;
    expect(change).toMatchObject({ against: `${fast} @ 0123abc`, verdict: "faster" });
    expect(change?.ratio).toBeCloseTo(1 / 1.1, 2);
    expect(found?.find(({ role }) => role === "revision")?.subject).toBe(`${fast} @ 0123abc`);
  });

  test("beside a wasm that was brought along are told as a change", () => {
    const timings = fixtureTimings({ variants: fixtureVariants() });
    const brought = timings
      .filter(({ variant }) => variant === fast)
      .map(
        (timing): TimingRecord => ({
          ...timing,
          variant: "before.wasm",
          role: "revision",
          axes: {},
        }),
      );
    const { workloads, peers } = reportModel({ records: [fixtureRun, ...brought, ...timings] });
    const found = workloads[0]?.subjects.find((one) => one.subject === fast);
    expect(found?.change).toMatchObject({ against: "before.wasm", ratio: 1 });
    expect(workloads[0]?.subjects[0]).toMatchObject({ subject: "before.wasm", role: "revision" });
    expect(peers.map(({ peer }) => peer)).not.toContain("before.wasm");
  });

  test("of one process alone have a ratio, and no verdict", () => {
    const timings = fixtureTimings({ variants: fixtureVariants() }).map((timing): TimingRecord => {
      const { rounds: _, ...without } = timing;
      return { ...without, samplesMs: timing.samplesMs.slice(0, 5) };
    });
    const { workloads } = reportModel({ records: [fixtureRun, ...timings] });
    const comparison = workloads[0]?.subjects[1]?.comparison;
    expect(comparison).toMatchObject({ verdict: "undecided", processes: 1, rounds: 5 });
    expect(comparison).not.toHaveProperty("low");
  });
});

describe("peers", () => {
  test("have the geometric mean of the classic workloads, with its interval", () => {
    const found = model.peers.find(({ peer, core }) => peer === "fengari-0.1.5" && core === fast);
    expect(found?.meanOfCount).toBe(7);
    const { speed, low = 0, high = 0 } = found?.geometricMean ?? { speed: 0 };
    expect(speed).toBeCloseTo(17 / 1.07, 1);
    expect(low).toBeLessThan(speed);
    expect(high).toBeGreaterThan(speed);
    expect(found?.workloads.find(({ workload }) => workload === "noop")?.classic).toBe(false);
  });
});

test("a mean is over the classic workloads, else over all but the floor", () => {
  const timings = fixtureTimings({ variants: fixtureVariants() });
  const countOf = (...classic: readonly string[]) =>
    reportModel({ records: [fixtureRun, ...timings], classic: new Set(classic) }).peers.map(
      ({ meanOfCount }) => meanOfCount,
    );
  expect(new Set(countOf("fib", "sort"))).toEqual(new Set([2]));
  expect(new Set(countOf())).toEqual(new Set([7]));
});

describe("effects", () => {
  const figures = (values: Readonly<Record<string, number>>) => ({
    metric: "raw size",
    variants: Object.entries(values).map(([variant, value]) => {
      const [optimize = "", post = ""] = variant.split("-");
      return { variant, axes: { optimize, post }, value };
    }),
  });

  test("are means over pairs that differ in one axis, with the least and the most", () => {
    const found = effectsOf(
      figures({ "small-opt": 100, "small-none": 110, "fast-opt": 200, "fast-none": 260 }),
    );
    expect(found.map(({ axis, value, against }) => [axis, value, against])).toEqual([
      ["optimize", "fast", "small"],
      ["post", "none", "opt"],
    ]);
    expect(found[1]).toMatchObject({ pairsCount: 2 });
    expect(found[1]?.ratio).toBeCloseTo(Math.sqrt(1.1 * 1.3));
    expect(found[1]?.least).toBeCloseTo(1.1);
    expect(found[1]?.most).toBeCloseTo(1.3);
  });

  test("leave out what has no partner", () => {
    const found = effectsOf(figures({ "small-opt": 100, "small-none": 110, "fast-none": 300 }));
    expect(found.map(({ axis, pairsCount }) => [axis, pairsCount])).toEqual([
      ["optimize", 1],
      ["post", 1],
    ]);
  });

  test("interact where both together are not their product", () => {
    const apart = { "small-opt": 100, "small-none": 110, "fast-opt": 200, "fast-none": 260 };
    const [found] = interactionsOf(figures(apart));
    expect(found?.ratio).toBeCloseTo(260 / 200 / 1.1);
    expect(interactionsOf(figures({ ...apart, "fast-none": 220 }))).toEqual([]);
  });

  test("of time have intervals; those of the fixture are what it was made of", () => {
    const ofPost = model.effects.find(
      ({ metric, axis }) => metric === "exact cost" && axis === "post",
    );
    expect(ofPost?.ratio).toBeCloseTo(1.12, 3);
    const timed = fixtureTimings({ variants: fixtureVariants() });
    const js = timed.map(
      (one): TimingRecord =>
        one.variant === "freestanding-small-js-opt"
          ? { ...one, axes: { ...one.axes, optimize: "ReleaseFast", unwind: "js" } }
          : one,
    );
    const found = reportModel({ records: [fixtureRun, ...js] }).effects;
    const ofTime = found.find(({ metric }) => metric === "time in node");
    expect(ofTime).toMatchObject({ axis: "unwind", value: "js", against: "exnref", pairsCount: 1 });
    expect(ofTime?.low).toBeLessThan(ofTime?.ratio ?? 0);
    expect(ofTime?.high).toBeGreaterThan(ofTime?.ratio ?? 9);
  });
});

test("a front has what nothing beats in both size and speed", () => {
  const [front] = model.fronts;
  expect(front).toMatchObject({ speed: "instructions", workloadsCount: 8 });
  const points = front?.points ?? [];
  for (const point of points) {
    const beaten = points.some(
      (other) =>
        other.variant !== point.variant &&
        other.bytes <= point.bytes &&
        other.relative <= point.relative &&
        (other.bytes < point.bytes || other.relative < point.relative),
    );
    expect(point.onFront).toBe(!beaten);
  }
  expect(Math.min(...points.map(({ relative }) => relative))).toBe(1);
});

test("samples have the median that they are shown by", () => {
  const timing = fixtureTimings({ variants: fixtureVariants() })[0];
  const { workloads } = reportModel({ records: good });
  expect(workloads[0]?.subjects[0]?.medianMs).toBe(median(timing?.samplesMs ?? []));
});
