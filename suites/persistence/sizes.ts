/** States that a script makes to be large when they are saved, or when what they hold is named. */
import {
  equal,
  fails,
  isTrue,
  isWithin,
  matches,
  succeeded,
  succeeds,
} from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import { restores, saved } from "./saved-program.ts";

const trusted = { bytecode: "trusted" } as const;
const mebibyte = 1024 * 1024;

export const sizeCases = [
  defineCase({
    id: "persistence/loops-at-one-long-key",
    title: "1,000 loops that stand at one key of 200 KB: the key is saved once, and all go on",
    run: async ({ load }) => {
      const core = await load({ seed: 1 });
      const key = "k".repeat(200_000);
      core.tables.named("t").set(key, 1).set("behind", 2);
      const code = `loops = {} local t = ext.table("t") for i = 1, 1000 do loops[i] = pairs(t) end`;
      succeeded(core.compute(code), "the loops");
      const snapshot = saved(core);
      isWithin(snapshot.length, { max: 200_000 + 1000 * 150 + 100_000 }, "bytes of the snapshot");
      const other = await load({ seed: 2 });
      other.tables.named("t").set(key, 1).set("behind", 2);
      for (const each of [core, other]) {
        restores(each, snapshot);
        const steps = `local first = loops[1000]() loops[1000] = nil collectgarbage()
          local keys = {} for i = 1, 2 do keys[i] = loops[i]() loops[i]() end
          return #first, #keys[1], #keys[2], (loops[1]())`;
        succeeds(each.compute(steps), [200_000, 200_000, 200_000, undefined], "the loops");
        saved(each);
      }
    },
  }),
  defineCase({
    id: "persistence/too-large-to-be-restored",
    title: "What restore would refuse for its size is not saved, and the message says what to do",
    run: async ({ load }) => {
      const core = await load({ seed: 1 });
      for (let i = 1; i <= 45; i++) core.tables.named(`t${i}`).set("k".repeat(400_000), i);
      const open = `loops = {} for i = 1, 45 do loops[i] = pairs(ext.table("t" .. i)) end`;
      succeeded(core.compute(open), "the loops");
      const failure = fails(core.snapshot(), "NOT_PERSISTABLE", "the snapshot");
      matches(
        failure.error,
        /could not be brought back: \d+ bytes.*limit of 16777216.*end loops/,
        "text",
      );
      equal(failure.refused, undefined, "what is refused");
      const limits = { bytesMax: 32 * mebibyte };
      const large = core.snapshot({ limits });
      isTrue(large.ok, "it is saved where larger ones are taken");
      if (large.ok) {
        fails(core.restore(large.bytes, trusted), "BAD_SNAPSHOT", "without the limits");
        isTrue(core.restore(large.bytes, { ...trusted, limits }).ok, "with them");
      }
      succeeded(core.compute("loops = nil collectgarbage()"), "no loops");
      restores(core, saved(core));
    },
  }),
  defineCase({
    id: "persistence/many-refusals",
    title: "1,000 things that can't be saved, in variables with names of 20 KB: 100 short paths",
    run: async ({ load }) => {
      const core = await load({ seed: 1 });
      const name = "v".repeat(20_000);
      const code = `local function f() return x end list = {}
        for i = 1, 1000 do local ${name} = debug.upvalueid(f, 1)
          list[i] = function() return ${name} end end`;
      succeeded(core.compute(code), "the code");
      const failure = fails(core.snapshot(), "NOT_PERSISTABLE", "the snapshot");
      const { refused = [], error } = failure;
      equal(refused.length, 100, "paths");
      isWithin(Math.max(...refused.map(({ path }) => path.length)), { max: 100 }, "characters");
      matches(
        error,
        /^can't be saved: _G\.list\[1\] upvalue "v{60}…" \(light userdata\), .*, and 997 more$/,
        "text",
      );
      succeeded(core.compute("list = nil"), "without them");
      restores(core, saved(core));
    },
  }),
];
