/** Values in messages: in a few words, whatever they are. */
import { expect, it } from "vitest";
import { cut, shown } from "./shown.ts";

const named = Object.create({
  get constructor(): never {
    throw new Error("no constructor");
  },
});
const revoked = Proxy.revocable({}, {});
revoked.revoke();

it.each<[() => unknown, string]>([
  [() => "text", '"text"'],
  [() => -0, "-0"],
  [() => 5n, "5n"],
  [() => [], "an array"],
  [() => new Date(0), "an object of class Date"],
  [() => Symbol("name"), "Symbol(name)"],
  [() => named, "an object that throws when it is looked at"],
  [() => revoked.proxy, "an object that throws when it is looked at"],
])("%# is shown in a few words", (value, text) => {
  expect(shown(value())).toBe(text);
});

it.each<() => unknown>([
  () => "x".repeat(1000),
  () => 10n ** 1000n,
  () => Symbol("x".repeat(1000)),
  () => Object.create({ constructor: { name: "x".repeat(1000) } }),
])("%# is cut where it is long", (value) => {
  expect(shown(value()).length).toBeLessThan(90);
});

it("cuts no character in two", () => {
  expect(cut("ab😀", 4)).toBe("ab😀");
  expect(cut("ab😀", 3)).toBe("ab\ufffd…");
});
