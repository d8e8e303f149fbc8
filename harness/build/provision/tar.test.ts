/** What the tar reader takes from archives made by the format's book, and what it refuses. */
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { tarGz, tarMember } from "./tar.fixture.ts";
import { readTarGz, TarError } from "./tar.ts";

function read(archive: Uint8Array): readonly (readonly [string, string])[] {
  return readTarGz(archive).map(({ path, content }) => [path, new TextDecoder().decode(content)]);
}

describe("readTarGz", () => {
  test("reads files and passes over folders and links", () => {
    const archive = tarGz([
      { path: "lua/", type: "5" },
      { path: "lua/a.c", content: "int a;\n" },
      { path: "lua/link", type: "2" },
      { path: "lua/empty" },
      { path: "lua/b.c", content: "x".repeat(513) },
    ]);
    expect(read(archive)).toEqual([
      ["lua/a.c", "int a;\n"],
      ["lua/empty", ""],
      ["lua/b.c", "x".repeat(513)],
    ]);
  });

  test("reads long paths in all three forms", () => {
    const long = `${"d/".repeat(80)}file.c`;
    const pax = `path=${long}\n`;
    const record = `${pax.length + 4} ${pax}`;
    expect(read(tarGz([{ path: "p", type: "x", content: record }, { path: "cut" }]))).toEqual([
      [long, ""],
    ]);
    expect(read(tarGz([{ path: "l", type: "L", content: `${long}\0` }, { path: "cut" }]))).toEqual([
      [long, ""],
    ]);
    expect(read(tarGz([{ path: "file.c", prefix: "some/folder" }]))).toEqual([
      ["some/folder/file.c", ""],
    ]);
  });

  test("refuses what is damaged", () => {
    const whole = tarGz([{ path: "a", content: "abc" }]);
    expect(() => readTarGz(whole.subarray(0, -9))).toThrow(TarError);
    expect(() => readTarGz(new TextEncoder().encode("<html>no such file</html>"))).toThrow(
      /not a whole gzip file/,
    );
    const member = tarMember({ path: "a", content: "abc" });
    expect(() => readTarGz(gzipSync(member))).toThrow(/no end/);
    expect(() => readTarGz(gzipSync(member.subarray(0, 512)))).toThrow(/cut off/);
    member[0] = 0x62;
    expect(() => readTarGz(gzipSync(member))).toThrow(/header at 0 is damaged/);
  });
});
