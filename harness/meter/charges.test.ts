/** What the meter pass must count, on small modules whose counts are known. */
import { describe, expect, test } from "vitest";
import { assemble } from "./assemble.fixture.ts";
import type { Counts } from "./counters.ts";
import { meterModule } from "./meter-module.ts";
import { type Figures, run } from "./run.fixture.ts";

async function countsOf(
  text: string,
  figures: Figures = [],
): Promise<Counts & { answer: unknown }> {
  const plain = assemble(text);
  const { answer, counts } = await run(meterModule(plain, { mode: "total" }).wasm, figures);
  const attributed = await run(meterModule(plain, { mode: "functions" }).wasm, figures);
  expect(attributed.answer).toEqual(answer);
  expect(attributed.counts.bulkBytes).toBe(counts.bulkBytes);
  const { functions } = attributed.counts;
  expect([...functions.values()].reduce((sum, each) => sum + each, 0)).toBe(counts.instructions);
  return { ...counts, functions, answer };
}

interface Example {
  readonly what: string;
  readonly text: string;
  readonly calls: readonly {
    readonly figures?: Figures;
    readonly answer: unknown;
    readonly instructions: number;
  }[];
}

const flow: readonly Example[] = [
  {
    what: "straight code: one for each instruction, nothing for end and nop",
    text: `(func (export "f") (param i32) (result i32)
      nop local.get 0 i32.const 1 i32.add)`,
    calls: [{ figures: [4], answer: 5, instructions: 3 }],
  },
  {
    what: "the branch that is taken: if counts, else and end don't",
    text: `(func (export "f") (param i32) (result i32)
      local.get 0
      if (result i32) i32.const 10 else i32.const 20 i32.const 1 i32.add end)`,
    calls: [
      { figures: [1], answer: 10, instructions: 3 },
      { figures: [0], answer: 21, instructions: 5 },
    ],
  },
  {
    what: "an if without else",
    text: `(func (export "f") (param i32) (local.get 0) (if (then (drop (i32.const 1)))))`,
    calls: [
      { figures: [1], answer: undefined, instructions: 4 },
      { figures: [0], answer: undefined, instructions: 2 },
    ],
  },
  {
    what: "an else behind a branch that left, and what comes after both",
    text: `(func (export "f") (param i32) (result i32)
      block
        local.get 0
        if br 1 else i32.const 1 drop end
        i32.const 2 return
      end
      i32.const 3 i32.const 4 i32.add)`,
    calls: [
      { figures: [1], answer: 7, instructions: 2 + 1 + 3 },
      { figures: [0], answer: 2, instructions: 2 + 2 + 2 },
    ],
  },
  {
    what: "a loop as often as it turns, and what stands before it once",
    text: `(func (export "f") (param i32) (result i32) (local i32)
      i32.const 100 local.set 1
      loop
        local.get 1 i32.const 1 i32.add local.set 1
        local.get 0 i32.const 1 i32.sub local.tee 0
        br_if 0
      end
      local.get 1)`,
    calls: [
      { figures: [1], answer: 101, instructions: 2 + 9 + 1 },
      { figures: [5], answer: 105, instructions: 2 + 5 * 9 + 1 },
    ],
  },
  {
    what: "nested loops with a way out of both",
    text: `(func (export "f") (param i32) (local i32)
      block
        loop
          i32.const 3 local.set 1
          loop
            local.get 1 i32.const 1 i32.sub local.tee 1
            br_if 0
          end
          local.get 0 i32.const 1 i32.sub local.tee 0
          i32.eqz br_if 1
          br 0
        end
      end)`,
    calls: [{ figures: [2], answer: undefined, instructions: 2 * (2 + 3 * 5 + 6) + 1 }],
  },
  {
    what: "br_table: one, whichever label it takes",
    text: `(func (export "f") (param i32) (result i32)
      block block block
        local.get 0 br_table 0 1 2
      end i32.const 10 return
      end i32.const 20 i32.const 0 i32.add return
      end i32.const 30)`,
    calls: [
      { figures: [0], answer: 10, instructions: 2 + 2 },
      { figures: [1], answer: 20, instructions: 2 + 4 },
      { figures: [9], answer: 30, instructions: 2 + 1 },
    ],
  },
  {
    what: "nothing in dead code, whatever stands in it",
    text: `(func $g) (func (export "f") (result i32)
      block (result i32)
        i32.const 7
        br 0
        i32.add
        loop call $g br 0 end
        block unreachable end
        if nop else unreachable drop end
        select br_if 0
      end
      return
      drop i64.const 1 i64.add unreachable)`,
    calls: [{ answer: 7, instructions: 3 }],
  },
  {
    what: "code behind a loop that is never left",
    text: `(func (export "f") (result i32)
      block (result i32)
        loop (result i32) i32.const 4 br 1 end
        i32.const 1 i32.add
      end)`,
    calls: [{ answer: 4, instructions: 2 }],
  },
  {
    what: "calls: of both sides, direct, indirect, recursive",
    text: `(type $unary (func (param i32) (result i32)))
      (table funcref (elem $sum))
      (func $sum (type $unary)
        local.get 0 i32.eqz if i32.const 0 return end
        local.get 0  local.get 0 i32.const 1 i32.sub call $sum  i32.add)
      (func (export "f") (param i32) (result i32)
        local.get 0 i32.const 0 call_indirect (type $unary))`,
    calls: [{ figures: [3], answer: 6, instructions: 3 + 3 * (3 + 6) + 5 }],
  },
  {
    what: "tail calls",
    text: `(func $down (param i32) (result i32)
        local.get 0 i32.eqz if i32.const 7 return end
        local.get 0 i32.const 1 i32.sub return_call $down)
      (func (export "f") (param i32) (result i32) local.get 0 return_call $down)`,
    calls: [{ figures: [4], answer: 7, instructions: 2 + 4 * (3 + 4) + 5 }],
  },
  {
    what: "tail calls through the table, with code behind them",
    text: `(type $unary (func (param i32) (result i32)))
      (table funcref (elem $one))
      (func $one (type $unary) local.get 0 i32.const 1 i32.add)
      (func (export "f") (param i32) (result i32)
        local.get 0
        if local.get 0 i32.const 0 return_call_indirect (type $unary) end
        i32.const 9)`,
    calls: [
      { figures: [4], answer: 5, instructions: 2 + 3 + 3 },
      { figures: [0], answer: 9, instructions: 2 + 1 },
    ],
  },
  {
    what: "blocks with parameters and several results",
    text: `(func (export "f") (result i32 i32)
      i32.const 1 i32.const 2
      block (param i32 i32) (result i32 i32) i32.const 3 i32.add end)`,
    calls: [{ answer: [1, 5], instructions: 4 }],
  },
  {
    what: "vectors, atomics, saturating conversion, sign extension, references",
    text: `(memory 1) (table 1 funcref)
      (func (export "f") (result i32)
        i32.const 0 i32.const 5 i32.atomic.rmw.add drop
        v128.const i32x4 1 2 3 4 i32.const 2 i32x4.splat i32x4.add i32x4.extract_lane 3
        f64.const 1e300 i32.trunc_sat_f64_s i32.const 0 i32.and i32.add
        i32.const 255 i32.extend8_s i32.add
        i32.const 0 ref.null func table.set 0)`,
    calls: [{ answer: 5, instructions: 4 + 5 + 5 + 3 + 3 }],
  },
];

const exceptions: readonly Example[] = [
  {
    what: "the same through the table",
    text: `(import "env" "fail" (func $fail)) (table funcref (elem $fail))
      (func (export "f") i32.const 1 drop i32.const 0 call_indirect i32.const 2 drop)`,
    calls: [{ answer: "RangeError: the host's own", instructions: 4 }],
  },
  {
    what: "legacy try whose body can't come to its end",
    text: `(tag $e)
      (func (export "f") (param i32) (result i32)
        try throw $e catch $e i32.const 1 local.set 0 catch_all end
        local.get 0)`,
    calls: [{ figures: [0], answer: 1, instructions: 1 + 2 + 1 }],
  },
  {
    what: "a call that throws out of the middle of a block: what stood before it",
    text: `(import "env" "fail" (func $fail))
      (func (export "f") i32.const 1 drop call $fail i32.const 2 drop)`,
    calls: [{ answer: "RangeError: the host's own", instructions: 3 }],
  },
  {
    what: "legacy try: caught by tag, by all, and rethrown",
    text: `(tag $e (param i32)) (tag $other)
      (func $raise (param i32) local.get 0 i32.eqz if throw $other end local.get 0 throw $e)
      (func (export "f") (param i32) (result i32)
        try (result i32)
          try (result i32)
            i32.const 1 drop
            local.get 0 call $raise
            i32.const 2
          catch $e
            i32.const 100 i32.add
          catch_all
            rethrow 0
          end
        catch_all
          i32.const 9
        end)`,
    calls: [
      { figures: [5], answer: 105, instructions: 4 + 5 + 2 },
      { figures: [0], answer: 9, instructions: 4 + 4 + 1 + 1 },
    ],
  },
  {
    what: "legacy try that delegates, and code behind it",
    text: `(tag $e)
      (func (export "f") (param i32) (result i32)
        try
          try
            local.get 0 if throw $e end
            i32.const 1 drop
          delegate 0
          i32.const 2 drop
        catch $e
          i32.const 3 return
        end
        i32.const 4)`,
    calls: [
      { figures: [1], answer: 3, instructions: 3 + 2 },
      { figures: [0], answer: 4, instructions: 2 + 2 + 2 + 1 },
    ],
  },
  {
    what: "try_table: caught by tag, by all, not at all; throw_ref",
    text: `(tag $e (param i32)) (tag $other)
      (func $raise (param i32)
        local.get 0 i32.eqz if throw $other end
        local.get 0 i32.const 1 i32.eq if return end
        local.get 0 throw $e)
      (func (export "f") (param i32) (result i32)
        block $all (result exnref)
          block $tagged (result i32)
            try_table (catch $e $tagged) (catch_all_ref $all)
              i32.const 1 drop
              local.get 0 call $raise
              i32.const 2 drop
            end
            i32.const 3 return
          end
          i32.const 100 i32.add return
        end
        throw_ref)`,
    calls: [
      { figures: [1], answer: 3, instructions: 4 + (3 + 5) + 2 + 2 },
      { figures: [5], answer: 105, instructions: 4 + (3 + 4 + 2) + 3 },
      {
        figures: [0],
        answer: expect.stringContaining("Exception"),
        instructions: 4 + 4 + 1,
      },
    ],
  },
];

const examples = [...flow, ...exceptions];
describe.each(examples)("$what", ({ text, calls }) => {
  test.each(calls)("$figures", async ({ figures, answer, instructions }) => {
    const counts = await countsOf(text, figures);
    expect(counts).toMatchObject({ answer, instructions, bulkBytes: 0 });
  });
});

test.each([1, 63, 64, 127, 128, 8_191, 8_192, 20_000])("a block of %d more", async (more) => {
  const long = '(func (export "f") (result i32) i32.const 0 ';
  const text = `${long} ${"i32.eqz ".repeat(more)})`;
  expect(await countsOf(text)).toMatchObject({ answer: more % 2, instructions: 1 + more });
});

test("dead code is copied as it is", () => {
  const sizes = (tail: string) => {
    const plain = assemble(`(func (result i32) i32.const 1 return ${tail})`);
    return [plain.length, meterModule(plain, { mode: "total" }).wasm.length] as const;
  };
  const [plain, metered] = sizes("");
  const dead = "loop i32.const 2 br_if 0 end if i32.const 3 drop else call 0 drop end unreachable";
  const [plainDead, meteredDead] = sizes(dead);
  expect(plainDead).toBeGreaterThan(plain);
  expect(meteredDead - metered).toBe(plainDead - plain);
});

describe("bulk operations", () => {
  test.each([
    ["memory.fill", 0, 0],
    ["memory.fill", 7, 0],
    ["memory.fill", 8, 1],
    ["memory.fill", 65_536, 8_192],
    ["memory.copy", 100, 12],
    ["memory.init $passive", 9, 1],
  ])("%s of %d bytes counts %d more", async (instruction, length, more) => {
    const text = `(memory 1) (data $passive "123456789")
      (func (export "f") (param i32) i32.const 0 i32.const 0 local.get 0 ${instruction})`;
    expect(await countsOf(text, [length])).toMatchObject({
      answer: undefined,
      instructions: 4 + more,
      bulkBytes: length,
    });
  });

  test("those of tables count one for each entry, and no bytes", async () => {
    const text = `(table $t 4 10 funcref) (elem $e func $g $g) (func $g)
      (func (export "f") (result i32)
        i32.const 0 i32.const 0 i32.const 2 table.init $t $e
        i32.const 2 i32.const 0 i32.const 2 table.copy $t $t
        i32.const 0 ref.null func i32.const 3 table.fill $t
        ref.null func i32.const 5 table.grow $t)`;
    expect(await countsOf(text)).toMatchObject({
      answer: 4,
      instructions: 15 + 2 + 2 + 3 + 5,
      bulkBytes: 0,
    });
  });

  test("are charged to the function that they stand in", async () => {
    const text = `(memory 1)
      (func $fill (param i32) i32.const 0 i32.const 0 local.get 0 memory.fill)
      (func (export "f") i32.const 80 call $fill)`;
    expect([...(await countsOf(text)).functions]).toEqual([
      [0, 14],
      [1, 2],
    ]);
  });
});
