/** Tests of options from a schema: the flags that a command has, its help, and what is refused. */
import { Command } from "commander";
import { expect, test } from "vitest";
import { z } from "zod";
import { parseArguments } from "./arguments.ts";
import {
  addOptions,
  flag,
  names,
  option,
  optionsOf,
  positive,
  text,
  wholeFrom,
} from "./options.ts";
import { UsageError } from "./usage.ts";

const schema = z.object({
  isStrict: flag("refuses more"),
  suiteNames: option(names.default(["a", "b"]), "names", "what is run"),
  jobs: option(wholeFrom(1).exactOptional(), "n", "side by side"),
  percent: option(positive.default(2), "p", "a difference"),
  out: option(text.exactOptional(), "file", "where it goes"),
});

function read(...args: readonly string[]) {
  const command = addOptions(new Command("test"), schema);
  const parsed = parseArguments(command, args);
  return parsed.kind === "text" ? parsed.text : optionsOf(command.opts(), schema);
}

test("names in camel case are flags with hyphens; what is absent has its default, if any", () => {
  expect(read()).toEqual({ isStrict: false, suiteNames: ["a", "b"], percent: 2 });
  expect(read("--is-strict", "--suite-names", "c, d,c", "--jobs", "3", "--percent", "0.5")).toEqual(
    {
      isStrict: true,
      suiteNames: ["c", "d"],
      jobs: 3,
      percent: 0.5,
    },
  );
});

test("the help tells placeholders and defaults", () => {
  const help = read("--help");
  expect(help).toMatch(/--suite-names <names> +what is run \(default: a,b\)/);
  expect(help).toMatch(/--jobs <n> +side by side\n/);
  expect(help).toMatch(/--is-strict +refuses more\n/);
});

test.each([
  [
    ["--jobs", "0"],
    "option '--jobs <n>' argument '0' is invalid. It must be a whole number from 1 on.",
  ],
  [["--jobs", "1e3"], "whole number from 1"],
  [["--percent", "-1"], "above 0"],
  [["--percent", "0"], "above 0"],
  [["--suite-names", "a,,b"], "commas"],
  [["--out", " "], "It must not be empty."],
  [["--outt", "a"], "unknown option '--outt'"],
])("%j is refused", (args, words) => {
  expect(() => read(...args)).toThrow(UsageError);
  expect(() => read(...args)).toThrow(words);
});
