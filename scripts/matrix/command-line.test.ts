/** Tests of the command line: what is read, and what is refused with which words. */
import { describe, expect, test } from "vitest";
import { UsageError } from "../command/usage.ts";
import { parseCommandLine, type RunOptions } from "./command-line.ts";

function parse(line: string): ReturnType<typeof parseCommandLine> {
  return parseCommandLine(line.split(" ").filter(Boolean), ["node"]);
}

function optionsOf(line: string): RunOptions {
  const command = parse(line);
  if (command.kind !== "run") throw new Error(`"${line}" is ${command.kind}`);
  return command.options;
}

describe("what is read", () => {
  test("nothing: the standard tier, all stages, one seed", () => {
    expect(optionsOf("")).toEqual({
      tier: "standard",
      engines: ["node"],
      stages: new Set(["build", "inspect", "test", "cost", "bench", "report"]),
      seed: 1,
      plan: false,
      json: false,
      force: false,
      failed: false,
      updateBaseline: false,
      strict: false,
    });
    expect(optionsOf("run")).toEqual(optionsOf(""));
  });

  test("options, with and without the command's name", () => {
    const line =
      "--quick --filter unwind=js --suite a,b --stage build --seed 7 --jobs 3 --shard 2/4";
    expect(optionsOf(`run ${line}`)).toEqual(optionsOf(line));
    expect(optionsOf(line)).toMatchObject({
      tier: "quick",
      filter: "unwind=js",
      suites: ["a", "b"],
      stages: new Set(["build"]),
      seed: 7,
      jobs: 3,
      shard: { index: 2, count: 4 },
    });
  });

  test("the other commands", () => {
    expect(parse("list --json")).toEqual({ kind: "list", json: true });
    expect(parse("doctor")).toEqual({ kind: "doctor" });
    expect(parse("repro a/node/b/c")).toEqual({ kind: "repro", id: "a/node/b/c", seed: 1 });
    expect(parse("clean --all")).toEqual({ kind: "clean", all: true });
    const ledger = { kind: "ledger", target: "a", json: false, top: 25 };
    expect(parse("ledger a")).toEqual(ledger);
    expect(parse("ledger a --against b --top 3")).toEqual({ ...ledger, against: "b", top: 3 });
    expect(parse("ledger a --why f --json")).toEqual({ ...ledger, why: "f", json: true });
  });

  test("help names every option and the exit codes", () => {
    const help = parse("--help");
    expect(help).toMatchObject({ kind: "text" });
    const text = help.kind === "text" ? help.text : "";
    for (const word of ["--quick", "--shard", "repro", "doctor", "130 interrupted"]) {
      expect(text).toContain(word);
    }
    expect(parse("repro --help")).toMatchObject({ kind: "text" });
  });
});

describe("the usual stages", () => {
  test.each([
    ["--quick", "build inspect test cost report"],
    ["--full", "build inspect test cost bench report"],
    ["--suite hosts", "build inspect test report"],
    ["--failed", "build inspect test report"],
    ["--wasm core.wasm", "build inspect test report"],
    ["--quick --stage bench", "bench"],
  ])("%s", (line, stages) => {
    expect([...optionsOf(line).stages].join(" ")).toBe(stages);
  });
});

describe("what is refused", () => {
  test.each([
    ["--quik", "--quik"],
    ["frobnicate", "frobnicate"],
    ["--quick --full", "--quick and --full"],
    ["--wasm a.wasm --quick", "--quick"],
    ["--wasm a.wasm --filter unwind=js", "--filter"],
    ["--wasm a.wasm --shard 1/2", "--shard"],
    ["--failed --update-baseline", "--update-baseline"],
    ["--baseline a --update-baseline", "--baseline"],
    ["--stage built", "build, inspect, test, cost, bench, report"],
    ["--stage fuzz", "build, inspect, test, cost, bench, report"],
    ["--seed x", "whole number"],
    ["--seed -1", "whole number"],
    ["--jobs 0", "whole number from 1"],
    ["--shard 5/4", "1/4"],
    ["--shard 0/4", "1/4"],
    ["--suite a,,b", "commas"],
    ["--filter", "argument missing"],
    ["repro", "id"],
    ["list --quick", "--quick"],
  ])("%s", (line, words) => {
    expect(() => parse(line)).toThrow(UsageError);
    expect(() => parse(line)).toThrow(words);
  });
});
