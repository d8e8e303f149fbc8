/** Tests of a build's programs: a failure is the variant's, but a full disk is the machine's. */
import { platform, tmpdir } from "node:os";
import { describe, expect, test } from "vitest";
import { BuildStepError } from "./build-context.ts";
import { runProgram } from "./program.ts";
import { ProvisionError } from "./provision/provision-error.ts";

function failing(says: string): Promise<void> {
  const command = ["sh", "-c", `echo '${says}' >&2; exit 1`] as const;
  return runProgram({ name: "zig build", command: [...command], root: tmpdir() });
}

describe.skipIf(platform() === "win32")("a program that fails", () => {
  test("is the error of a step", async () => {
    await expect(failing("error: no")).rejects.toThrow(new BuildStepError("error: no"));
  });

  test.each([
    "error: failed updating file from a to b: NoSpaceLeft",
    "Fatal: Failed writing: No space left on device",
  ])("for want of room is told as that: %s", async (says) => {
    const failed = failing(says);
    await expect(failed).rejects.toThrow(ProvisionError);
    await expect(failed).rejects.toThrow(/the disk is full[\s\S]*remedy: free/);
  });
});
