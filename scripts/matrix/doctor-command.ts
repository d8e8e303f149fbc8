/** `npm run matrix -- doctor`: each tool and engine with its version, or what mends its absence. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { zigVersion } from "../../harness/build/provision/zig-wheels.ts";
import { engineNames } from "../../harness/engine/engines.ts";
import { chromiumRemedy, findChromium } from "../../harness/report/html/chromium.ts";
import type { Invocation } from "../command/invocation.ts";
import { packageVersion, revisionOf } from "../command/machine.ts";
import { projectPaths } from "../command/paths.ts";
import { selectEngines } from "../subject/select.ts";

const execFileAsync = promisify(execFile);
const probeLimitMs = 20_000;

interface Finding {
  readonly name: string;
  /** Undefined: it is missing. */
  readonly found: string | undefined;
  readonly remedy: string;
  /** Its absence costs a test, no more. */
  readonly optional?: true;
}

/** Looks without fetching anything. 0 when all that is needed is there, else 1. */
export async function doctor(invocation: Invocation): Promise<number> {
  const findings = (await Promise.all(probes(invocation))).flat();
  const width = Math.max(...findings.map(({ name }) => name.length));
  for (const { name, found, remedy, optional } of findings) {
    const missing = optional === true ? "missing, but optional" : "missing";
    invocation.stdout.write(`${name.padEnd(width)}  ${found ?? `${missing}: ${remedy}`}\n`);
  }
  const missing = findings.filter(({ found, optional }) => {
    return found === undefined && optional !== true;
  });
  const verdict =
    missing.length === 0 ? "all that is needed is there" : `${missing.length} missing`;
  invocation.stdout.write(`\n${verdict}\n`);
  return missing.length === 0 ? 0 : 1;
}

function probes(invocation: Invocation): readonly Promise<readonly Finding[]>[] {
  const { root, nodeVersion } = invocation;
  const node: Finding = {
    name: "node (harness)",
    found: Number(nodeVersion.split(".")[0]) >= 26 ? nodeVersion : undefined,
    remedy: `this is ${nodeVersion}; start it through npm: npm run matrix -- doctor`,
  };
  const installed = ["binaryen", "wabt", "typescript", "vitest", "@biomejs/biome"];
  return [
    Promise.resolve([node]),
    program({ name: "python3", args: ["--version"], remedy: "install Python 3" }),
    program({
      name: "pip",
      command: "python3",
      args: ["-m", "pip", "--version"],
      remedy: "install pip",
    }),
    program({
      name: "git",
      args: ["--version"],
      remedy: "install git; runs then name their revision",
    }),
    ...installed.map(async (name) => [
      { name, found: await packageVersion({ root, name }), remedy: "npm ci" },
    ]),
    provisioned(invocation),
    engineFindings(invocation),
    chromiumFinding(invocation),
    revisionFinding(root),
  ];
}

async function revisionFinding(root: string): Promise<readonly Finding[]> {
  let why = "not in git";
  const revision = await revisionOf(root, (line) => {
    why = line;
  });
  return [{ name: "revision", found: revision ?? why, remedy: "" }];
}

async function program(options: {
  readonly name: string;
  readonly command?: string;
  readonly args: readonly string[];
  readonly remedy: string;
  /** Its absence costs a test, no more. */
  readonly optional?: true;
}): Promise<readonly Finding[]> {
  const { name, command = name, args, remedy } = options;
  return [{ name, found: await firstLineOf(command, args), remedy }];
}

/** Zig and Lua as set-up left them, or as the environment names them. */
async function provisioned({ root, environment }: Invocation): Promise<readonly Finding[]> {
  const remedy = "npm run setup";
  const { tools } = projectPaths(root);
  const provisionedZig = join(tools, `zig-${zigVersion}`, "ziglang", "zig");
  const zigs = [environment["ZIG"], "zig", provisionedZig];
  const found: string[] = [];
  for (const path of zigs) {
    const version = path === undefined ? undefined : await firstLineOf(path, ["version"]);
    if (version !== undefined) found.push(`${version} (${path})`);
  }
  const lua = [environment["LUA_SRC"], join(tools, "lua")].find(
    (path) => path !== undefined && existsSync(join(path, "lapi.c")),
  );
  return [
    { name: "zig", found: found.find((each) => each.startsWith(`${zigVersion} `)), remedy },
    { name: "lua sources", found: lua, remedy },
  ];
}

async function engineFindings(invocation: Invocation): Promise<readonly Finding[]> {
  const engines = await selectEngines(engineNames, invocation);
  return [...engines.values()].map(({ engine, probe }) => ({
    name: `engine ${engine.name}`,
    found: probe.state === "available" ? probe.version : undefined,
    remedy: probe.state === "available" ? "" : `${probe.evidence}; ${probe.remedy}`,
  }));
}

/** Opens the report in its own test, which is skipped without one. */
async function chromiumFinding({ environment }: Invocation): Promise<readonly Finding[]> {
  const name = "chromium (tests)";
  const chromium = await findChromium(environment);
  const optional = true;
  if (chromium.path === undefined) {
    return [{ name, found: undefined, remedy: chromium.missing, optional }];
  }
  const version = await firstLineOf(chromium.path, ["--version"]);
  return [
    {
      name,
      found: version === undefined ? undefined : `${version} (${chromium.path})`,
      remedy: `${chromium.path} does not start; ${chromiumRemedy}`,
      optional,
    },
  ];
}

async function firstLineOf(command: string, args: readonly string[]): Promise<string | undefined> {
  try {
    const { stdout } = await execFileAsync(command, [...args], { timeout: probeLimitMs });
    return stdout.split("\n", 1)[0]?.trim();
  } catch {
    return undefined;
  }
}
