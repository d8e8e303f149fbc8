/** `npm run setup`: provisions Zig and Lua, and says what it used. */
import { Command } from "commander";
import { provision } from "../harness/build/provision/provision.ts";
import { runCommander } from "./command/commander-command.ts";
import type { Invocation } from "./command/invocation.ts";
import { linesTo } from "./command/lines.ts";
import { runAsProcess } from "./command/process.ts";

const command = new Command("npm run setup --")
  .description(
    "Provisions what a build needs: Zig 0.17.0 ($ZIG, PATH or PyPI), the sources of Lua 5.4.8 " +
      "($LUA_SRC, PyPI or lua.org), and Zig's own build runner and translator.",
  )
  .addHelpText("after", "\nExit: 0 all is there, 1 set-up failed, 2 wrong use, 130 interrupted.");

async function setup(invocation: Invocation): Promise<number> {
  const { root, environment, nodePath, nodeVersion, signal, stdout, stderr } = invocation;
  const progress = linesTo(stderr);
  const tools = await provision({ root, environment, progress, signal });
  stdout.write(
    `Node ${nodeVersion}  ${nodePath}\n` +
      `Zig  ${tools.zigVersion}  ${tools.zigPath}\n` +
      `Lua  ${tools.luaVersion}  ${tools.luaPath}  (from ${tools.luaOrigin})\n`,
  );
  return 0;
}

await runAsProcess((invocation) => runCommander(command, invocation, () => setup(invocation)));
