/** What saving costs, side by side in one run: times and sizes of snapshots and images. */

import type { CaseContext, Figures } from "../../harness/suite/case.ts";
import { equal, isTrue, succeeds } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import type { Core } from "../../runtime/core/core.ts";

/** Makes 10,000 objects: tables, and strings of which half are shared. */
const objects = `items = {}
  for i = 1, 3333 do
    items[i] = {id = i, name = "object " .. i, tags = {i % 7, "tag " .. i % 50}}
  end`;

/** What a program would save without snapshots: the text of the same tables. */
const asText = `local function text(value)
    if type(value) == "table" then
      local parts = {}
      for k, v in pairs(value) do parts[#parts + 1] = "[" .. text(k) .. "]=" .. text(v) end
      return "{" .. table.concat(parts, ",") .. "}"
    end
    return string.format("%q", value)
  end
  local size = 0
  for _, item in ipairs(items) do size = size + #text(item) + 1 end
  return size + 2`;

const rounds = 15;

export const costs = [
  defineCase({
    id: "persistence/costs",
    title: "What a snapshot, an image and the way back cost with 10,000 objects, for the report",
    limitMs: 60_000,
    run: costsOf,
  }),
];

async function costsOf({ load }: CaseContext): Promise<Figures> {
  const core = await load({ seed: 1 });
  succeeds(core.compute(objects), [], "10,000 objects");
  const { luaObjectsCount } = core.memoryStats();
  isTrue(luaObjectsCount >= 10_000, `${luaObjectsCount} objects`);
  const textBytes = core.compute(asText);
  const snapshot = snapshotOf(core);
  const image = core.image();
  const works = {
    snapshotMs: () => snapshotOf(core),
    restoreMs: () => done(core.restore(snapshot, { bytecode: "trusted" }), "restore"),
    imageMs: () => core.image(),
    loadImageMs: () => done(core.loadImage(image, { bytecode: "trusted" }), "loadImage"),
  };
  const times = timesOf(works);
  succeeds(core.compute("return #items, items[3333].name"), [3333, "object 3333"], "afterwards");
  const stripped = core.snapshot({ debugInformation: false });
  return {
    ...Object.fromEntries([...times].map(([name, all]) => [name, rounded(median(all))])),
    objects: luaObjectsCount,
    snapshotBytes: snapshot.length,
    strippedBytes: stripped.ok ? stripped.bytes.length : 0,
    snapshotGzipBytes: await gzipBytes(snapshot),
    imageGzipBytes: await gzipBytes(image),
    textBytes: textBytes.ok ? Number(textBytes.values[0]) : 0,
  };
}

/** Each work in turn, round after round, so that the machine's moods meet all of them. */
function timesOf(works: Readonly<Record<string, () => unknown>>): ReadonlyMap<string, number[]> {
  const times = new Map(Object.keys(works).map((name) => [name, [] as number[]]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, work] of Object.entries(works)) {
      const startMs = performance.now();
      work();
      times.get(name)?.push(performance.now() - startMs);
    }
  }
  return times;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Infinity;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

function snapshotOf(core: Core): Uint8Array {
  const taken = core.snapshot();
  if (!taken.ok) equal(taken, { ok: true }, "snapshot");
  return taken.ok ? taken.bytes : new Uint8Array(0);
}

function done(result: { readonly ok: boolean }, what: string): void {
  equal(result, { ok: true }, what);
}

async function gzipBytes(bytes: Uint8Array): Promise<number> {
  const copy = new Uint8Array(bytes);
  const stream = new Blob([copy]).stream().pipeThrough(new CompressionStream("gzip"));
  return (await new Response(stream).arrayBuffer()).byteLength;
}
