/** Tests of what a run keeps: whole or as it was, and words for what the disk refuses. */
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { platform, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { asWriteError, keepFile, WriteError } from "./kept-file.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kept-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("a file is kept in a folder that is made for it", () => {
  const path = join(folder, "deep", "file");
  keepFile(path, "one");
  keepFile(path, "two");
  expect(readFileSync(path, "utf8")).toBe("two");
});

test.skipIf(platform() !== "linux")("on a full disk what was kept before stays", () => {
  const path = join(folder, "file");
  keepFile(path, "before");
  symlinkSync("/dev/full", `${path}.part`);
  const keep = () => keepFile(path, "x".repeat(100_000));
  expect(keep).toThrow(WriteError);
  expect(readFileSync(path, "utf8")).toBe("before");
  expect(existsSync(`${path}.part`)).toBe(false);
});

test("a refusal names the path and the remedy; other errors stay as they are", () => {
  const refused = Object.assign(new Error("write"), { code: "ENOSPC", syscall: "write" });
  const told = asWriteError(refused, "/disk/file");
  expect(told).toMatchObject({ name: "WriteError", cause: refused });
  expect(String(told)).toMatch(
    /the disk is full \(ENOSPC\)\n {2}at: \/disk\/file\n {2}remedy: free/,
  );
  const fault = Object.assign(new Error("isdir"), { code: "EISDIR", syscall: "read" });
  expect(asWriteError(fault, "")).toBe(fault);
  const spawned = Object.assign(new Error("spawn"), { code: "EACCES", syscall: "spawn zig" });
  expect(asWriteError(spawned, "")).toBe(spawned);
});
