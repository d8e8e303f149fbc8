/** Measurements of a run that never was, for tests: exact costs, ledgers, metering, times. */
import type { CostRecord, LedgerRecord, ResultRecord, TimingRecord } from "../record/record.ts";
import { twinName } from "../statistics/noise.ts";
import { randomOf } from "../statistics/random.ts";

interface Variant {
  readonly variant: string;
  readonly axes: Record<string, string>;
}

/** Each with its time on the fast core, and how much unwinding it does. */
const workloads: Readonly<Record<string, { readonly ms: number; readonly unwinds: number }>> = {
  fib: { ms: 31, unwinds: 0 },
  "n-body": { ms: 24, unwinds: 0 },
  sort: { ms: 12, unwinds: 0 },
  "binary-trees": { ms: 41, unwinds: 0 },
  "string-building": { ms: 9, unwinds: 0 },
  "pcall-success": { ms: 18, unwinds: 1 },
  "error-caught": { ms: 22, unwinds: 2 },
  noop: { ms: 0.009, unwinds: 0 },
};
export const fixtureClassic: ReadonlySet<string> = new Set(
  Object.keys(workloads).filter((name) => name !== "noop"),
);

const optimizeCosts: Readonly<Record<string, number>> = {
  ...{ Debug: 2.6, ReleaseSafe: 1.5, ReleaseFast: 1, ReleaseSmall: 1.18 },
};

export function fixtureCosts({
  variant: { variant, axes },
  troubled,
}: {
  readonly variant: Variant;
  readonly troubled: boolean;
}): readonly CostRecord[] {
  return Object.entries(workloads).map(([workload, { ms, unwinds }]) => {
    const unwind = { js: 1 + 0.2 * unwinds, eh: 1, exnref: 1.01 }[axes["unwind"] ?? ""] ?? 1;
    const post = axes["post"] === "none" ? 1.12 : 1;
    const risen = troubled && workload === "sort" && axes["optimize"] === "ReleaseFast" ? 1.005 : 1;
    const factor = (optimizeCosts[axes["optimize"] ?? ""] ?? 1) * unwind * post * risen;
    const instructions = Math.round(ms * 1_900_000 * factor);
    return {
      ...{ kind: "cost", variant, axes, engine: "node", engineVersion: "26.10.0", workload },
      ...{ scale: "full", instructions, bulkBytes: Math.round(ms * 40_000) },
      ...{ hostCalls: 3, bytesToHost: 210, bytesFromHost: 900 },
      heapPeakBytes: Math.round(60_000 + ms * 9_000),
      ...(variant === "freestanding-fast-exnref-opt" ? { functions: profileOf(instructions) } : {}),
    };
  });
}

function profileOf(instructions: number): [string, number][] {
  const shares: readonly (readonly [string, number])[] = [
    ...([["luaV_execute", 0.62]] as const),
    ...([["luaH_getstr", 0.14]] as const),
    ...([["luaC_step", 0.09]] as const),
    ...([["malloc", 0.05]] as const),
  ];
  return shares.map(([name, share]) => [name, Math.round(instructions * share)]);
}

const groups: Readonly<Record<string, readonly string[]>> = {
  "lua/lvm.c": ["luaV_execute", "luaV_concat", "luaV_equalobj", "luaV_tonumber"],
  "lua/lparser.c": ["<script>alert(1)</script>", "subexpr", "funcargs", "body"],
  "lua/lstrlib.c": ["str_format", "do_match", "str_pack", "str_unpack"],
  "lua/lgc.c": ["singlestep", "propagatemark", "sweeplist"],
  "lua/ltable.c": ["luaH_getstr", "luaH_resize", "luaH_next"],
  "zig/core": ["compute", "Codec.encode", "Writer.write", "Reader.read"],
  "zig/libc": ["snprintf", "strtod", "memchr", "pow"],
  "compiler-rt": ["__multi3", "fmod"],
  data: [".rodata", ".data"],
  sections: ["type", "import", "export", "element"],
};

export function fixtureLedger({
  variant: { variant, axes },
  totalBytes,
  troubled,
}: {
  readonly variant: Variant;
  readonly totalBytes: number;
  readonly troubled: boolean;
}): LedgerRecord {
  const names = Object.entries(groups).flatMap(([group, members]) =>
    members.map((name, place) => ({ group, name, weight: 1 / (place + 1.5) })),
  );
  const weights = names.reduce((sum, { weight }) => sum + weight, 0);
  const items = names.map(({ group, name, weight }): LedgerRecord["items"][number] => {
    const bytes = Math.floor((totalBytes * weight) / weights);
    const kind = group === "data" || group === "sections" ? group : "function";
    return [kind, name, group, bytes, Math.round(bytes * 1.4)];
  });
  const rest = totalBytes - items.reduce((sum, [, , , bytes]) => sum + bytes, 0);
  if (rest > 0) items.push(["function", troubled ? "added_one" : "rest", "zig/core", rest, rest]);
  const byGroup = Map.groupBy(items, ([, , group]) => group);
  return {
    ...{ kind: "ledger", variant, axes, totalBytes, unaccountedBytes: 0 },
    groups: [...byGroup]
      .map(([group, ofGroup]): [string, number] => [
        group,
        ofGroup.reduce((sum, [, , , bytes]) => sum + bytes, 0),
      ])
      .toSorted((a, b) => b[1] - a[1]),
    items: items.toSorted((a, b) => b[3] - a[3]),
  };
}

export function fixtureMetering({ variant, axes }: Variant, bytes: number): ResultRecord {
  const meteredBytes = Math.round(bytes * 1.31);
  return { kind: "metering", variant, axes, bytes, meteredBytes, timeRatio: 1.42 };
}

/** As many processes as a verdict needs, and rounds in each. */
const processes = 6;
const rounds = 8;

/** Two cores, a twin, and three peers, each beside the others in every round. */
export function fixtureTimings({
  variants,
  slower = 1,
}: {
  readonly variants: readonly Variant[];
  /** What the times of the cores are multiplied by. */
  readonly slower?: number;
}): readonly TimingRecord[] {
  const cores = variants.filter(({ variant }) => speeds.has(variant));
  const [base] = cores;
  const timedCores = cores.map((core) => ({
    ...core,
    role: core === base ? ("base" as const) : ("variant" as const),
  }));
  const twin =
    base === undefined ? [] : [{ ...base, variant: twinName(base.variant), role: "twin" as const }];
  const peers = ["wasmoon-1.16.0", "fengari-0.1.5", "native-5.4.8"].map((variant) => ({
    variant,
    axes: {},
    role: "peer" as const,
  }));
  return Object.keys(workloads).flatMap((workload, index) =>
    [...timedCores, ...twin, ...peers].map(
      (subject, place): TimingRecord => ({
        ...{ kind: "timing", ...subject, engine: "node", engineVersion: "26.10.0", workload },
        ...samplesOf({
          ms: msOf({ subject, workload }) * (Object.keys(subject.axes).length > 0 ? slower : 1),
          seed: 100 * index + place,
        }),
        ...{ resolutionMs: 0.00005, warmUpRounds: 3 },
      }),
    ),
  );
}

const speeds = new Map<string, number>([
  ...([["freestanding-fast-exnref-opt", 1]] as const),
  ...([["freestanding-small-js-opt", 1.22]] as const),
  ...([["wasmoon-1.16.0", 1.7]] as const),
  ...([["fengari-0.1.5", 17]] as const),
  ...([["native-5.4.8", 0.81]] as const),
]);

function msOf({
  subject: { variant, axes },
  workload,
}: {
  readonly subject: Variant;
  readonly workload: string;
}): number {
  const { ms = 1, unwinds = 0 } = workloads[workload] ?? {};
  const unwind = axes["unwind"] === "js" ? 1 + 0.4 * unwinds : 1;
  return ms * unwind * (speeds.get(variant.replace(twinName(""), "")) ?? 1);
}

/** What slows a process or a round slows all of its subjects; the rest is each one's own. */
function samplesOf({ ms, seed }: { readonly ms: number; readonly seed: number }) {
  const own = randomOf(seed);
  const shared = randomOf(7);
  const places = Array.from({ length: processes }, (_, process) =>
    Array.from({ length: rounds }, (_, round) => ({ process, round })),
  ).flat();
  const samplesMs = places.map(() => ms * (1 + 0.08 * shared()) * (1 + 0.006 * (own() - 0.5)));
  return { samplesMs, rounds: places };
}
