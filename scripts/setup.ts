/** `npm run setup`: provisions Zig and Lua, and says what it used. */
import { resolve } from "node:path";
import { Command } from "commander";
import { provision } from "../harness/build/provision/provision.ts";
import { ProvisionError } from "../harness/build/provision/provision-error.ts";

const exitProvisionFailed = 3;
const exitUsage = 2;
const exitInterrupted = 130;

const command = new Command("npm run setup --")
  .description(
    "Provisions what a build needs: Zig 0.17.0 ($ZIG, PATH or PyPI), the sources of Lua 5.4.8 " +
      "($LUA_SRC, PyPI or lua.org), and Zig's own build runner.",
  )
  .showHelpAfterError("(npm run setup -- --help)")
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : exitUsage));
command.parse();

const interruption = new AbortController();
process.on("SIGINT", () => interruption.abort());
try {
  const tools = await provision({
    root: resolve(import.meta.dirname, ".."),
    environment: process.env,
    progress: (line) => process.stderr.write(`${line}\n`),
    signal: interruption.signal,
  });
  process.stdout.write(
    `Node ${process.versions.node}  ${process.execPath}\n` +
      `Zig  ${tools.zigVersion}  ${tools.zigPath}\n` +
      `Lua  ${tools.luaVersion}  ${tools.luaPath}  (from ${tools.luaOrigin})\n`,
  );
} catch (error) {
  if (interruption.signal.aborted) {
    process.stderr.write("interrupted; npm run setup goes on where it can\n");
    process.exitCode = exitInterrupted;
  } else if (error instanceof ProvisionError) {
    process.stderr.write(`set-up failed: ${error.message}\n`);
    process.exitCode = exitProvisionFailed;
  } else {
    throw error;
  }
}
