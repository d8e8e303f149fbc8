/** The journal: the file of records (JSON Lines), how it is appended to and how it is read back. */
import {
  closeSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { asToday } from "./earlier-records.ts";
import { asWriteError, keeping } from "./kept-file.ts";
import { type ResultRecord, recordSchema, recordSchemaVersion } from "./record.ts";

/** Records that can't be read or written; the message names the file and the line. */
export class RecordError extends Error {
  override readonly name = "RecordError";
}

/** An open file of records. Each `append` is one write: a kill loses at most the last line. */
export interface Journal extends Disposable {
  readonly path: string;
  /**
   * Throws RecordError when the record does not fit the schema, WriteError when the disk refuses
   * it: then the file ends with the record before.
   */
  readonly append: (record: ResultRecord) => void;
  /** May be called twice. */
  readonly close: () => void;
}

/** What a file of records holds. `warning` says what was dropped: the end of a killed run. */
export interface ReadRecords {
  readonly records: readonly ResultRecord[];
  readonly warning?: string;
}

/**
 * Opens `path` for appending and makes its folder. Half a line at the end, left there by a kill, is
 * cut off first, so that the next record starts on a line of its own. Throws WriteError.
 */
export function openJournal(
  path: string,
  write: (file: number, text: string) => void = writeFileSync,
): Journal {
  let file: number | undefined = keeping(path, () => openAtWholeLine(path));

  const append = (record: ResultRecord): void => {
    if (file === undefined) throw new RecordError(`${path}: the journal is closed`);
    const checked = recordSchema.safeParse(record);
    if (!checked.success) {
      const problem = z.prettifyError(checked.error);
      throw new RecordError(
        `${path}: a "${record.kind}" record does not fit the schema: ${problem}`,
      );
    }
    const wholeBytes = fstatSync(file).size;
    try {
      write(file, `${JSON.stringify(checked.data)}\n`);
    } catch (error) {
      // A full disk takes half a line: what is appended later must not stand behind it.
      ftruncateSync(file, wholeBytes);
      throw asWriteError(error, path);
    }
  };
  const close = (): void => {
    if (file !== undefined) closeSync(file);
    file = undefined;
  };
  return { path, append, close, [Symbol.dispose]: close };
}

function openAtWholeLine(path: string): number {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, "a+");
  const text = readFileSync(file);
  const wholeLinesBytes = text.lastIndexOf("\n") + 1;
  if (wholeLinesBytes < text.length) ftruncateSync(file, wholeLinesBytes);
  return file;
}

/**
 * Reads a file of records. A damaged last line is dropped with a warning; one elsewhere, a line
 * that does not fit the schema, and another schema version throw RecordError.
 */
export function readRecords(path: string): ReadRecords {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new RecordError(`${path}: the records can't be read: ${reasonOf(cause)}`, { cause });
  }
  return parseRecords({ path, text });
}

/** Reads records from text; `path` names it in messages. */
function parseRecords({
  path,
  text,
}: {
  readonly path: string;
  readonly text: string;
}): ReadRecords {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  const records: ResultRecord[] = [];
  for (const [index, line] of lines.entries()) {
    const place = `${path}:${index + 1}`;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch (cause) {
      if (index === lines.length - 1) {
        return { records, warning: `${place}: the last line is damaged and was left out` };
      }
      throw new RecordError(`${place}: the line is damaged: ${reasonOf(cause)}`, { cause });
    }
    records.push(recordOf({ place, value }));
  }
  return { records };
}

function recordOf({
  place,
  value,
}: {
  readonly place: string;
  readonly value: unknown;
}): ResultRecord {
  const version = runVersion.safeParse(value);
  if (version.success && version.data.schema !== recordSchemaVersion) {
    throw new RecordError(
      `${place}: records of schema version ${version.data.schema}; this harness reads version ` +
        `${recordSchemaVersion}. Run the matrix again to get new ones`,
    );
  }
  const checked = recordSchema.safeParse(asToday(value));
  if (!checked.success) {
    throw new RecordError(`${place}: the line is no record: ${z.prettifyError(checked.error)}`);
  }
  return checked.data;
}

const runVersion = z.object({ kind: z.literal("run"), schema: z.unknown() });

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
