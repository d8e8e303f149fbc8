/** Lines of earlier harnesses are read: what they lack is what it was then. */
import { expect, test } from "vitest";
import { asToday } from "./earlier-records.ts";
import { recordSchema } from "./record.ts";

const line = {
  kind: "timing",
  engine: "node",
  engineVersion: "26.10.0",
  workload: "fib",
  samplesMs: [1],
};
const axes = { target: "wasi" };

test.each([
  ["variant", { variant: "wasi-fast-js-opt", axes }],
  ["twin", { variant: "wasi-fast-js-opt (A/A)", axes }],
  ["revision", { variant: "wasi-fast-js-opt @ 0123abc", axes }],
  ["revision", { variant: "before.wasm", axes: {} }],
  ["twin", { variant: "wasi-fast-js-opt @ 0123abc (A/A)", axes }],
  ["twin", { variant: "before.wasm (A/A)", axes: {} }],
  ["peer", { variant: "wasmoon-1.16.0", axes: {} }],
])("a timing without a role: %s", (role, subject) => {
  expect(recordSchema.parse(asToday({ ...line, ...subject }))).toMatchObject({ role, ...subject });
});

test("what has a role, and what is no timing, stays as it is", () => {
  const today = { ...line, variant: "a (A/A)", axes, role: "variant" };
  expect(asToday(today)).toBe(today);
  const size = { kind: "size", variant: "a.wasm", axes: {}, metric: "raw", bytes: 1 };
  expect(asToday(size)).toBe(size);
  expect(asToday("no line")).toBe("no line");
});
