/** Provisions Zig: $ZIG, one on PATH of the right version, or the official build from PyPI. */
import { readFile, stat, writeFile } from "node:fs/promises";
import { delimiter, dirname, isAbsolute, join, resolve } from "node:path";
import { shellWord } from "../shell-word.ts";
import { runCommand } from "./command.ts";
import { foundOrMade } from "./exclusively.ts";
import { placeFolder } from "./folder.ts";
import { runPip } from "./pip.ts";
import {
  type ProvisionContext,
  toolsFolder,
  waiting,
  zigCacheEnvironment,
} from "./provision-context.ts";
import { asProvisionError, diskFull, ProvisionError, saysDiskFull } from "./provision-error.ts";
import { zigVersion, zigWheels } from "./zig-wheels.ts";

const programNames = ["zig", "zig.exe"] as const;
const installRemedy =
  `install Zig ${zigVersion} yourself and set ZIG to its program, ` +
  "or mend the network and: npm run setup";

/** The path of a Zig whose version is zigVersion. Throws ProvisionError. */
export async function provisionZig(context: ProvisionContext): Promise<string> {
  const chosen = context.environment["ZIG"];
  if (chosen !== undefined && chosen !== "")
    return await chosenZig(resolve(context.root, chosen), context);
  return (await zigOnPath(context)) ?? (await installedZig(context));
}

/** $ZIG is an order: a wrong one is an error, never passed over. */
async function chosenZig(path: string, context: ProvisionContext): Promise<string> {
  const version = await versionOf(path, context);
  if (version === zigVersion) return path;
  throw new ProvisionError({
    problem:
      version === undefined
        ? "$ZIG names no Zig that runs"
        : `$ZIG names Zig ${version}, but the project needs ${zigVersion}`,
    where: path,
    remedy: `set ZIG to a Zig ${zigVersion}, or let setup fetch one: env -u ZIG npm run setup`,
  });
}

async function zigOnPath(context: ProvisionContext): Promise<string | undefined> {
  const folders = (context.environment["PATH"] ?? "").split(delimiter).filter(isAbsolute);
  for (const folder of folders) {
    for (const name of programNames) {
      const path = join(folder, name);
      if (!(await isFile(path))) continue;
      const version = await versionOf(path, context);
      if (version === zigVersion) return path;
      context.progress(
        `not used: ${path} is Zig ${version ?? "that does not run"}, not ${zigVersion}`,
      );
    }
  }
  return undefined;
}

async function installedZig(context: ProvisionContext): Promise<string> {
  const folder = join(toolsFolder(context.root), `zig-${zigVersion}`);
  return await foundOrMade(folder, {
    find: () => programIn(folder),
    make: () => fetchZig(folder, context),
    ...waiting(folder, context),
  });
}

async function fetchZig(folder: string, context: ProvisionContext): Promise<string> {
  context.progress(`fetching Zig ${zigVersion} (about 100 MB) with pip from PyPI …`);
  await placeFolder(folder, (temporary) =>
    runPip(
      {
        requirement: `ziglang==${zigVersion}`,
        sha256s: zigWheels.map(({ sha256 }) => sha256),
        args: ["install", "--only-binary", ":all:", "--no-compile", "--target", temporary],
        remedy: installRemedy,
      },
      context,
    ),
  );
  const path = await programIn(folder);
  const version = path === undefined ? undefined : await versionOf(path, context);
  if (path !== undefined && version === zigVersion) return path;
  throw new ProvisionError({
    problem:
      version === undefined
        ? "the Zig that pip installed does not run"
        : `pip installed Zig ${version}`,
    where: path ?? folder,
    remedy: `rm -rf ${shellWord(folder)} && npm run setup; if it stays: ${installRemedy}`,
  });
}

async function programIn(folder: string): Promise<string | undefined> {
  for (const name of programNames) {
    const path = join(folder, "ziglang", name);
    if (await isFile(path)) return path;
  }
  return undefined;
}

async function isFile(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

async function versionOf(path: string, context: ProvisionContext): Promise<string | undefined> {
  const { ok, output } = await runCommand([path, "version"], context);
  return ok ? output.trim() : undefined;
}

/**
 * Has Zig compile its own build runner and, beside it, its translator of C headers: one to three
 * minutes, once per cache. Then leaves a stamp in the cache, so that who deletes the cache deletes
 * the stamp too. Says that it takes long once it has taken `slowAfterMs`.
 */
export async function warmUpZig(
  zigPath: string,
  context: ProvisionContext,
  slowAfterMs = 5_000,
): Promise<void> {
  const stamp = join(context.root, ".cache", "zig-global", "lua-persistent-wasm-warm");
  const content = `${zigVersion} ${zigPath}\n`;
  await foundOrMade(stamp, {
    find: async () => {
      const found = await readFile(stamp, "utf8").catch(() => undefined);
      return found === content ? found : undefined;
    },
    make: async () => {
      const tell = (): void =>
        context.progress(
          "Zig compiles its build runner and translator: once, one to three minutes …",
        );
      // Where Zig's cache has them already, as in a copied checkout, it takes a second.
      const telling = setTimeout(tell, slowAfterMs);
      try {
        await compileOwnTools(zigPath, { stamp, content }, context);
      } finally {
        clearTimeout(telling);
      }
      return content;
    },
    ...waiting(stamp, context),
  });
}

async function compileOwnTools(
  zigPath: string,
  { stamp, content }: { readonly stamp: string; readonly content: string },
  context: ProvisionContext,
): Promise<void> {
  const environment = zigCacheEnvironment(context.root);
  const folder = dirname(stamp);
  const [runner, translator] = await Promise.all([
    runCommand([zigPath, "build", "--help"], context, environment),
    // A header that includes no other: only Zig's work on its own program takes time.
    runCommand([zigPath, "translate-c", join("lua", "setjmp.h")], context, environment),
  ]);
  const failed = runner.ok ? translator : runner;
  if (!failed.ok) {
    const { log } = failed;
    if (saysDiskFull(log)) throw diskFull(folder);
    // An error in build.zig or a header is the build's to report, variant by variant.
    const error = log.split("\n").find((line) => line.includes("error:")) ?? log;
    context.progress(
      `${failed === runner ? "zig build --help" : "zig translate-c"} fails: ${error}`,
    );
    return;
  }
  try {
    await writeFile(stamp, content);
  } catch (error) {
    throw asProvisionError(error, stamp);
  }
}
