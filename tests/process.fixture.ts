/** A command for tests of its process: progress on stderr, results on stdout, then a file. */
import { writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { runAsProcess } from "../scripts/command/process.ts";

await runAsProcess(async ({ arguments: [path = "", exitCode = "0"], stdout, stderr }) => {
  for (let line = 1; line <= 5; line += 1) {
    stderr.write(`progress ${line}\n`);
    stdout.write(`result ${line}\n`);
    await sleep(20);
  }
  writeFileSync(path, "whole");
  return Number(exitCode);
});
