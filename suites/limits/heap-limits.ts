/** Every heap limit, from too little for a state to plenty. */
import type { Figures, Subject } from "../../harness/suite/case.ts";
import { equal, isTrue, isWithin } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import { configure, memoryStatsOf } from "../memory-figures.ts";
import { rawCore } from "../raw-core.ts";

const kilobyte = 1024;
/** What the core keeps for the time between scripts (zig/core/memory.zig). */
const reserveBytes = 12 * kilobyte;

function limitsBytes(): readonly number[] {
  const limits: number[] = [];
  for (let bytes = 4 * kilobyte; bytes <= 64 * kilobyte; bytes += 512) limits.push(bytes);
  for (let bytes = 68 * kilobyte; bytes <= 512 * kilobyte; bytes += 4 * kilobyte)
    limits.push(bytes);
  return limits;
}

export const heapLimits = [
  defineCase({
    id: "limits/heap-limits",
    title: "With each heap limit from 4 to 512 KB a start is refused clearly, or all is usable",
    limitMs: 60_000,
    run: ({ subject }) => sweepLimits(subject),
  }),
];

async function sweepLimits(subject: Subject): Promise<Figures> {
  const raw = await rawCore(subject);
  let refused = 0;
  let smallestBytes = 0;
  const limits = limitsBytes();
  for (const heapLimitBytes of limits) {
    const what = `with ${heapLimitBytes} bytes`;
    configure(raw, { seed: 1, heapLimitBytes });
    const answer = raw.status(raw.guest.init());
    if (answer !== 0) {
      equal(answer, "OUT_OF_MEMORY", `init ${what}`);
      equal(smallestBytes, 0, `init ${what}, less than which was enough before: bytes`);
      refused += 1;
      continue;
    }
    smallestBytes ||= heapLimitBytes;
    const { heapTotalBytes } = memoryStatsOf(raw);
    equal(heapTotalBytes, heapLimitBytes, `heap_total ${what}`);
    // More than any of the limits: it ends with an error, and leaves room for what comes then.
    equal(raw.compute("local t = {} for i = 1, 1e5 do t[i] = {i} end"), "OUT_OF_MEMORY", what);
    isTrue(raw.guest.runGc() >= 0, `a collection ${what}`);
    for (const code of ["return 6 * 7", "x = {1, 2, 3} return #x", "return x[3], nil"]) {
      isTrue(typeof raw.compute(code) === "number", `${code} ${what}`);
    }
    const max = heapLimitBytes + reserveBytes;
    isWithin(memoryStatsOf(raw).heapUsedBytes, { max }, `in use ${what}`);
  }
  isTrue(refused > 0 && smallestBytes > 0, "some limits are too small, some are not");
  return { limits: limits.length, refused, smallestHeapBytes: smallestBytes };
}
