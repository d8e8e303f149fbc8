/** Records of a run that never was, for tests: 48 variants, three suites, every misfortune. */
import type { OutcomeRecord, ResultRecord, RunRecord } from "../record/record.ts";
import {
  fixtureCosts,
  fixtureLedger,
  fixtureMetering,
  fixtureTimings,
} from "./fixture-measures.ts";

const optimizations = {
  Debug: "debug",
  ReleaseSafe: "safe",
  ReleaseFast: "fast",
  ReleaseSmall: "small",
};
const rawBytes: Readonly<Record<string, number>> = {
  Debug: 610_000,
  ReleaseSafe: 331_000,
  ReleaseFast: 268_000,
  ReleaseSmall: 201_000,
};
const suites = { scenarios: 8, exports: 14, hosts: 18 };
/** Every third case of the suite `hosts` measures. */
const measuresEvery = 3;

export interface FixtureVariant {
  readonly variant: string;
  readonly axes: Record<string, string>;
}

/** The full factorial, as records name it. */
export function fixtureVariants(): readonly FixtureVariant[] {
  return ["freestanding", "wasi"].flatMap((target) =>
    Object.entries(optimizations).flatMap(([optimize, token]) =>
      ["js", "eh", "exnref"].flatMap((unwind) =>
        ["none", "opt"].map((post) => ({
          variant: [target, token, unwind, post].join("-"),
          axes: { target, optimize, unwind, post },
        })),
      ),
    ),
  );
}

export const fixtureRun: RunRecord = {
  kind: "run",
  schema: 1,
  startedAt: "2026-08-01T10:20:30.000Z",
  command: "npm run matrix",
  seed: 42,
  tier: "standard",
  engines: ["node"],
  revision: "0123abc+",
  tools: { zig: "0.17.0", lua: "5.4.8", binaryen: "132.0.0", wabt: "1.0.39" },
  fingerprint: {
    ...{ os: "linux 6.8", arch: "x64", cpu: "Example CPU 3.0 GHz", cores: 2 },
    ...{ memoryBytes: 8 * 2 ** 30, node: "26.10.0" },
  },
  excluded: [],
};

/** The end of a run in which all went as it should. */
export const fixtureEnd: ResultRecord = {
  ...{ kind: "end", finishedAt: "2026-08-01T10:31:02.000Z" },
  ...{ interrupted: false, durationMs: 632_000 },
};

/** A whole run. `troubled`: a failure, a crash, a timeout, a failed build, skips and a growth. */
export function fixtureRecords({
  troubled,
}: {
  readonly troubled: boolean;
}): readonly ResultRecord[] {
  const measured = fixtureVariants().flatMap((variant) => measuresOf({ variant, troubled }));
  const timings = fixtureTimings({
    variants: fixtureVariants(),
    ...(troubled ? { slower: 1.07 } : {}),
  });
  return [...fixtureOutcomes({ troubled }).slice(0, -1), ...measured, ...timings, fixtureEnd];
}

/** As `fixtureRecords`, without exact costs, ledgers and times. */
export function fixtureOutcomes({
  troubled,
}: {
  readonly troubled: boolean;
}): readonly ResultRecord[] {
  const variants = fixtureVariants();
  return [
    fixtureRun,
    ...variants.flatMap((variant) => {
      const unbuilt = isUnbuilt({ variant, troubled });
      return unbuilt ? [failedBuild(variant)] : builtVariant({ variant, troubled });
    }),
    fixtureEnd,
  ];
}

function measuresOf({
  variant,
  troubled,
}: {
  readonly variant: FixtureVariant;
  readonly troubled: boolean;
}): readonly ResultRecord[] {
  if (isUnbuilt({ variant, troubled })) return [];
  const totalBytes = fixtureRawBytes(variant) + (troubled ? growthBytes(variant) : 0);
  return [
    fixtureLedger({ variant, totalBytes, troubled }),
    fixtureMetering(variant, totalBytes),
    ...fixtureCosts({ variant, troubled }),
  ];
}

function isUnbuilt({
  variant: { variant },
  troubled,
}: {
  readonly variant: FixtureVariant;
  readonly troubled: boolean;
}): boolean {
  return troubled && variant === "wasi-debug-eh-none";
}

function failedBuild({ variant, axes }: FixtureVariant): ResultRecord {
  return {
    ...{ kind: "build", variant, axes, state: "failed" },
    steps: [{ name: "zig", durationMs: 2100 }],
    message:
      "zig/core/root.zig:41:9: error: use of undeclared identifier 'stat'\n" +
      "        stat.count += 1;\n        ^~~~",
    repro: `npm run matrix -- repro ${variant}`,
  };
}

function builtVariant({
  variant,
  troubled,
}: {
  readonly variant: FixtureVariant;
  readonly troubled: boolean;
}): readonly ResultRecord[] {
  const raw = fixtureRawBytes(variant) + (troubled ? growthBytes(variant) : 0);
  const sizes = {
    ...{ raw, gzip: Math.round(raw * 0.47), brotli: Math.round(raw * 0.41) },
    ...{ "section:code": Math.round(raw * 0.83), "section:data": Math.round(raw * 0.14) },
    ...{
      "section:type": 412,
      "section:import": 391,
      "section:function": 870,
      "section:export": 255,
    },
  };
  return [
    {
      ...{ kind: "build", ...variant, state: "built", sha256: "ab".repeat(32) },
      steps: [
        { name: "zig", durationMs: 4000 + (raw % 3000) },
        { name: "unwind", durationMs: variant.axes["unwind"] === "js" ? 0 : 420 },
        { name: "wasm-opt", durationMs: variant.axes["post"] === "opt" ? 3900 : 610 },
        { name: "inspect", durationMs: 700 },
      ],
      repro: `npm run matrix -- repro ${variant.variant}`,
    },
    ...Object.entries(sizes).map(
      ([metric, bytes]): ResultRecord => ({ kind: "size", ...variant, metric, bytes }),
    ),
    { kind: "functions", ...variant, functions: functionsOf(raw) },
    ...Object.entries(suites).flatMap(([suite, count]) =>
      Array.from({ length: count }, (_, index) => outcome({ variant, suite, index, troubled })),
    ),
  ];
}

/** What the variant weighs in a run without trouble. */
function fixtureRawBytes({ axes }: FixtureVariant): number {
  const unwind = { js: 0, eh: 3100, exnref: 3900 }[axes["unwind"] ?? ""] ?? 0;
  const post = axes["post"] === "none" ? 1.16 : 1;
  const target = axes["target"] === "wasi" ? 6200 : 0;
  return Math.round((rawBytes[axes["optimize"] ?? ""] ?? 0) * post) + unwind + target;
}

function growthBytes({ variant, axes }: FixtureVariant): number {
  if (variant === "freestanding-small-js-opt") return 14_800;
  return axes["optimize"] === "ReleaseFast" ? 700 : axes["optimize"] === "ReleaseSafe" ? -310 : 0;
}

function functionsOf(raw: number): [string, number][] {
  const names = [
    "luaV_execute",
    "str_format",
    "lua_parser_statement",
    "<script>alert(1)</script>",
    "auxsort",
  ];
  const more = Array.from({ length: 120 }, (_, index) => `lua_function_${index}`);
  return [...names, ...more].map((name, index) => [name, Math.round((raw * 0.09) / (index + 1))]);
}

function outcome({
  variant,
  suite,
  index,
  troubled,
}: {
  readonly variant: FixtureVariant;
  readonly suite: string;
  readonly index: number;
  readonly troubled: boolean;
}): OutcomeRecord {
  const id = `${suite}/case-${index + 1}`;
  const trouble = troubled ? troubleOf({ variant, id }) : undefined;
  return {
    ...{ kind: "outcome", ...variant, engine: "node", engineVersion: "26.10.0", suite, case: id },
    ...{
      title: `The ${suite} do what case ${index + 1} says`,
      state: "pass",
      durationMs: 3 + index,
    },
    ...(suite === "hosts" && index % measuresEvery === 0 && trouble === undefined
      ? {
          figures: {
            heapPeakBytes: variant.axes["post"] === "opt" ? 41_000 : 40_000,
            stackPercent: 12.34,
            injections: 1234,
          },
        }
      : {}),
    ...{ repro: `npm run matrix -- repro ${variant.variant}:${id}`, reused: index % 4 === 0 },
    ...trouble,
  };
}

function troubleOf({
  variant: { variant, axes },
  id,
}: {
  readonly variant: FixtureVariant;
  readonly id: string;
}): Partial<OutcomeRecord> | undefined {
  if (id === "scenarios/case-3" && axes["unwind"] === "eh" && axes["optimize"] === "Debug") {
    return {
      state: "fail",
      message: 'expected output "Count: 2\\n"\n  actual output "Count: 1\\n"',
      reused: false,
    };
  }
  if (variant === "wasi-fast-js-opt" && id === "hosts/case-9") {
    return { state: "crash", message: "RuntimeError: memory access out of bounds", reused: false };
  }
  if (variant === "freestanding-safe-exnref-none" && id === "hosts/case-11") {
    return { state: "timeout", message: "no outcome within 10000 ms", reused: false };
  }
  if (axes["target"] === "wasi" && id === "exports/case-12") {
    return { state: "skipped", message: "only freestanding has no WASI import to look for" };
  }
  if (axes["unwind"] === "exnref" && id === "hosts/case-18") {
    return { state: "unsupported", message: "the engine has no worker threads" };
  }
  return undefined;
}
