/** Output without limit and in order, input from the host, clocks that the host sets. */

import { equal, fails, isTrue, matches, succeeds } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import { bytesOf, lenientTextOf } from "../../runtime/scalar/scalars.ts";

export const inputOutput = [
  defineCase({
    id: "hosts/output-1-mb",
    title: "1 MB of prints arrives whole and in order, with the values behind it",
    run: async ({ load }) => {
      const core = await load();
      const code = "for i = 1, 20000 do print(('%049d'):format(i)) end return 'done'";
      const { output, outputBytes } = succeeds(core.compute(code), ["done"], "prints");
      equal(outputBytes.length, 1_000_000, "bytes");
      const lines = output.split("\n");
      const wrong = lines.slice(0, 20_000).findIndex((line, i) => Number(line) !== i + 1);
      equal(wrong, -1, "the first line out of order");
    },
  }),
  defineCase({
    id: "hosts/output-streamed",
    title: "With onOutput all output is given to it, in order, as it comes; the result has none",
    run: async ({ load }) => {
      const pieces: Uint8Array[] = [];
      const core = await load({ onOutput: (bytes) => void pieces.push(bytes) });
      const code = "for i = 1, 5000 do io.write(i, ' ') end";
      equal(succeeds(core.compute(code), [], "writes").output, "", "the result's output");
      const text = pieces.map((piece) => new TextDecoder().decode(piece)).join("");
      const expected = Array.from({ length: 5000 }, (_, i) => `${i + 1} `).join("");
      equal(text, expected, "what was given to onOutput");
    },
  }),
  defineCase({
    id: "hosts/call-as-statement",
    title: "A call that stands alone gives no results where one cannot leave Lua; other code fails",
    run: async ({ load }) => {
      const core = await load();
      equal(succeeds(core.compute("io.write('a')"), [], "io.write").output, "a", "its output");
      succeeds(core.compute("coroutine.wrap(print)"), [], "a function");
      succeeds(core.compute("math.floor(2.5)"), [2], "a number");
      for (const code of ["print", "1, print", "(io.write(''))", "return io.write('')"]) {
        fails(core.compute(code), "BAD_VALUE", code);
      }
    },
  }),
  defineCase({
    id: "hosts/output-kinds",
    title: "print, io.write, io.stdout:write, io.stderr:write share one output; bytes stay bytes",
    run: async ({ load }) => {
      const core = await load();
      const code = `print("a", 1, 1.5, nil, true) io.write("b", 2) io.stdout:write("c")
        io.stderr:write("d") io.write("\\xff\\0")`;
      const expected = new Uint8Array([...(bytesOf("a\t1\t1.5\tnil\ttrue\nb2cd") ?? []), 0xff, 0]);
      equal(succeeds(core.compute(code), [], "output").outputBytes, expected, "bytes");
    },
  }),
  defineCase({
    id: "hosts/output-before-error",
    title: "What was printed before an error is in the failure's output, 100 KB of it too",
    run: async ({ load }) => {
      const core = await load();
      const short = fails(core.compute("print('before') error('e')"), "RUNTIME_FAILED", "short");
      equal(short.output, "before\n", "short output");
      const code = "io.write(('x'):rep(100000)) io.write('end') error('e')";
      const long = fails(core.compute(code), "RUNTIME_FAILED", "long");
      equal(long.output, `${"x".repeat(100_000)}end`, "long output");
    },
  }),
  defineCase({
    id: "hosts/output-between-calls",
    title: "What finalizers print during runGc and register comes with the next result, in order",
    run: async ({ load }) => {
      const code = "setmetatable({}, {__gc = function() io.write(('gc '):rep(20000)) end})";
      const printed = "gc ".repeat(20_000);
      const core = await load();
      succeeds(core.compute(`do local unused = ${code} end`), [], "a finalizer");
      core.runGc();
      core.register("nothing", () => undefined);
      core.memoryStats();
      fails(core.call("x".repeat(70_000)), "INVALID_SIZE", "a call that never begins");
      const { output } = succeeds(core.compute("io.write('next')"), [], "the next call");
      isTrue(output === `${printed}next`, "its output: all that was printed");
      equal(succeeds(core.compute("1"), [1], "one more").output, "", "the output of one more");

      const pieces: string[] = [];
      const streaming = await load({ onOutput: (bytes) => void pieces.push(lenientTextOf(bytes)) });
      succeeds(streaming.compute(`do local unused = ${code} end`), [], "a finalizer");
      streaming.runGc();
      isTrue(pieces.join("") === printed, "onOutput has it when runGc returns");
    },
  }),
  defineCase({
    id: "hosts/output-of-finalizers-at-dispose",
    title: "What finalizers print at dispose comes with the first DISPOSED failure",
    run: async ({ load }) => {
      const core = await load();
      const code = "kept = setmetatable({}, {__gc = function() print('closed') end})";
      succeeds(core.compute(code), [], "a finalizer");
      core.dispose();
      equal(fails(core.compute("1"), "DISPOSED", "afterwards").output, "closed\n", "its output");
      equal(fails(core.compute("1"), "DISPOSED", "once more").output, "", "the next one's output");
    },
  }),
  defineCase({
    id: "hosts/input-text",
    title: "io.read takes lines, numbers, counts and the rest of the host's input, then nil",
    run: async ({ load }) => {
      const core = await load({ input: "first line\n42 0x10\nabcdef\nrest\nof it" });
      const code = `local line = io.read("l")
        local n, m = io.read("n", "n")
        io.read("l")
        local three = io.read(3)
        local all = io.read("a")
        return line, n, m, three, all, io.read("l"), io.read("a"), io.read(0)`;
      const expected = ["first line", 42, 16, "abc", "def\nrest\nof it", undefined, "", undefined];
      succeeds(core.compute(code), expected, "what was read");
    },
  }),
  defineCase({
    id: "hosts/input-lines",
    title: "io.lines goes over input that a function gives in pieces, across their borders",
    run: async ({ load }) => {
      const pieces = ["one\ntw", "o\n", "three"].map((piece) => bytesOf(piece));
      const core = await load({ input: () => pieces.shift() });
      const code =
        "local t = {} for line in io.lines() do t[#t + 1] = line end return table.concat(t, '|')";
      succeeds(core.compute(code), ["one|two|three"], "lines");
      succeeds(core.compute("return io.read()"), [undefined], "at the end");
    },
  }),
  defineCase({
    id: "hosts/input-large",
    title: "200 KB of input are read whole",
    run: async ({ load }) => {
      const core = await load({ input: new Uint8Array(200_000).fill(0x61) });
      succeeds(
        core.compute("local s = io.read('a') return #s, s:sub(-1)"),
        [200_000, "a"],
        "input",
      );
    },
  }),
  defineCase({
    id: "hosts/clocks",
    title: "os.time and os.date read the host's time, os.clock its clock",
    run: async ({ load }) => {
      const core = await load({ time: () => 1_000_000_000.9, clock: () => 1.5 });
      const code = "return os.time(), os.date('!%Y-%m-%d %H:%M:%S'), os.clock()";
      succeeds(core.compute(code), [1_000_000_000, "2001-09-09 01:46:40", 1.5], "times");
    },
  }),
  defineCase({
    id: "hosts/traceback",
    title: "With traceback: true the whole message and a traceback are in the output of a failure",
    run: async ({ load }) => {
      const core = await load({ traceback: true });
      const code = "local function inner() error(('long '):rep(100)) end\ninner()";
      const { output } = fails(core.compute(code), "RUNTIME_FAILED", "an error");
      matches(output, /(long ){100}/, "the whole message");
      matches(output, /stack traceback:[^]*inner/, "the traceback");
    },
  }),
];
