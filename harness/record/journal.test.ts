/** Tests of the journal: what is written can be read, and damage is told from loss. */
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openJournal, RecordError, readRecords } from "./journal.ts";
import type { ResultRecord, SizeRecord } from "./record.ts";

let directory = "";
let path = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "journal-"));
  path = join(directory, "deep", "records.jsonl");
});
afterEach(() => rmSync(directory, { recursive: true }));

function size(bytes: number): SizeRecord {
  return {
    kind: "size",
    variant: "wasi-fast-js-opt",
    axes: { target: "wasi" },
    metric: "raw",
    bytes,
  };
}

function write(...records: readonly ResultRecord[]): void {
  using journal = openJournal(path);
  for (const record of records) journal.append(record);
}

describe("a journal", () => {
  test("gives back what was appended, over several openings", () => {
    write(size(1), size(2));
    write(size(3));
    expect(readRecords(path)).toEqual({ records: [size(1), size(2), size(3)] });
  });

  test("refuses a record that does not fit the schema and writes nothing of it", () => {
    expect(() => write(size(1), size(-1))).toThrow(RecordError);
    expect(readRecords(path).records).toEqual([size(1)]);
  });

  test("is closed for good", () => {
    const journal = openJournal(path);
    journal.close();
    journal.close();
    expect(() => journal.append(size(1))).toThrow("the journal is closed");
  });

  test("on a full disk ends with the last whole record, and can go on when there is room", () => {
    let isFull = false;
    using journal = openJournal(path, (file, text) => {
      writeFileSync(file, isFull ? text.slice(0, 20) : text);
      if (isFull) throw Object.assign(new Error("write"), { code: "ENOSPC", syscall: "write" });
    });
    journal.append(size(1));
    isFull = true;
    expect(() => journal.append(size(2))).toThrow(`the disk is full (ENOSPC)\n  at: ${path}`);
    expect(readRecords(path)).toEqual({ records: [size(1)] });
    isFull = false;
    journal.append(size(3));
    expect(readRecords(path)).toEqual({ records: [size(1), size(3)] });
  });

  test("drops half a last line with a warning, wherever a kill cut it", () => {
    write(size(1), size(2));
    const whole = readFileSync(path, "utf8");
    const secondLine = whole.indexOf("\n") + 1;
    for (let end = secondLine + 1; end < whole.length - 1; end += 1) {
      writeFileSync(path, whole.slice(0, end));
      const read = readRecords(path);
      expect(read.records).toEqual([size(1)]);
      expect(read.warning).toContain(`${path}:2`);
    }
  });

  test("cuts half a last line off before it goes on", () => {
    write(size(1));
    appendFileSync(path, '{"kind":"si');
    write(size(2));
    expect(readRecords(path)).toEqual({ records: [size(1), size(2)] });
  });

  test("names the file and the line of damage elsewhere", () => {
    write(size(1));
    appendFileSync(path, '{"kind":"si\n');
    appendFileSync(path, `${JSON.stringify(size(2))}\n`);
    expect(() => readRecords(path)).toThrow(`${path}:2: the line is damaged`);
  });

  test("names a whole line that is no record, even the last", () => {
    write(size(1));
    appendFileSync(path, '{"kind":"sizes"}\n');
    expect(() => readRecords(path)).toThrow(`${path}:2: the line is no record`);
  });

  test("names another schema version", () => {
    write(size(1));
    appendFileSync(path, '{"kind":"run","schema":2}\n');
    expect(() => readRecords(path)).toThrow(`${path}:2: records of schema version 2`);
  });

  test("says so when the file is not there", () => {
    expect(() => readRecords(path)).toThrow(RecordError);
  });
});
