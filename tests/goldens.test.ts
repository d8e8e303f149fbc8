/** What users and their programs rely on, as files: a change of it is seen in review. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { z } from "zod";
import { reportSchema } from "../harness/report/schema.ts";

const root = join(import.meta.dirname, "..");
const golden = (name: string) => join(import.meta.dirname, "goldens", name);
const execFileAsync = promisify(execFile);

const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));

test.each(Object.entries(scripts))("npm run %s -- --help", async (name, command) => {
  const [, ...words] = command.split(" ");
  const { stdout } = await execFileAsync(process.execPath, [...words, "--help"], { cwd: root });
  await expect(stdout).toMatchFileSnapshot(golden(`help-${name.replace(":", "-")}.txt`));
});

test("report.json", async () => {
  const schema = z.toJSONSchema(reportSchema);
  const text = `${JSON.stringify(schema, undefined, 2)}\n`;
  await expect(text).toMatchFileSnapshot(golden("report-schema.json"));
});
