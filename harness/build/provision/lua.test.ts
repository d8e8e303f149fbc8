/** That Lua's sources are fetched, checked file by file, and refused when they are not the ones. */

import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { sha256Of } from "../cache.ts";
import { provisionLua } from "./lua.ts";
import type { ProvisionContext } from "./provision-context.ts";
import { ProvisionError } from "./provision-error.ts";
import { tarGz } from "./tar.fixture.ts";
import { readUpstream } from "./upstream.ts";

const files = { "lapi.c": "int api;\n", "lua.h": "int lua;\n", "testes/all.lua": "return 1\n" };

let root = "";
let server: Server;
let served = new Map<string, Uint8Array>();
let progress: string[] = [];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "provision-lua-"));
  await mkdir(join(root, "lua"));
  progress = [];
  served = new Map([
    [
      "/lua.tar.gz",
      tarGz([
        { path: "lua-5/src/lapi.c", content: files["lapi.c"] },
        { path: "lua-5/src/lua.h", content: files["lua.h"] },
        { path: "lua-5/src/unlisted.h", content: "#error" },
      ]),
    ],
    ["/tests.tar.gz", tarGz([{ path: "tests/all.lua", content: files["testes/all.lua"] }])],
  ]);
  server = createServer((request, response) => {
    const bytes = served.get(request.url ?? "");
    response.writeHead(bytes === undefined ? 404 : 200).end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  await writeUpstream({ firstFails: false });
});
afterEach(async () => {
  server.close();
  await rm(root, { recursive: true });
});

async function writeUpstream(options: { readonly firstFails: boolean }): Promise<void> {
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new TypeError("no port");
  const base = `http://127.0.0.1:${address.port}`;
  const archives = [
    { url: `${base}/lua.tar.gz`, members: [{ from: "lua-5/src/", to: "" }] },
    { url: `${base}/tests.tar.gz`, members: [{ from: "tests/", to: "testes/" }] },
  ];
  const missing = [{ url: `${base}/nothing.tar.gz`, members: [{ from: "", to: "" }] }];
  const source = { kind: "archives", archives };
  const upstream = {
    version: "5.4.8",
    licence: "MIT",
    note: "",
    changesRead: {
      repository: base,
      branches: [{ name: "v5", after: "0".repeat(40), upTo: "1".repeat(40), commits: 1 }],
    },
    sources: options.firstFails ? [{ kind: "archives", archives: missing }, source] : [source],
    profiles: { core: ["lapi.c"] },
    files: Object.fromEntries(
      Object.entries(files).map(([path, content]) => [path, sha256Of(content)]),
    ),
  };
  await writeFile(join(root, "lua", "upstream.json"), JSON.stringify(upstream));
}

function context(environment: ProvisionContext["environment"] = {}): ProvisionContext {
  return { root, environment, progress: (line) => progress.push(line) };
}

describe("provisionLua", () => {
  test("fetches the listed files once, and no others", async () => {
    const first = await provisionLua(context());
    expect(first).toMatchObject({ version: "5.4.8", path: join(root, ".tools", "lua") });
    const names = await readdir(first.path, { recursive: true });
    expect(names.toSorted()).toEqual(["ORIGIN", "lapi.c", "lua.h", "testes", "testes/all.lua"]);
    expect(await readFile(join(first.path, "lua.h"), "utf8")).toBe(files["lua.h"]);
    server.close();
    served.clear();
    expect(await provisionLua(context())).toEqual(first);
    expect(progress).toHaveLength(1);
  });

  test("goes on to the next source, and says why", async () => {
    await writeUpstream({ firstFails: true });
    await provisionLua(context());
    expect(progress.join("\n")).toMatch(/nothing\.tar\.gz …\n.*HTTP status 404[\s\S]*lua\.tar\.gz/);
  });

  test("names the altered and the missing file, on later runs too", async () => {
    const { path } = await provisionLua(context());
    await appendFile(join(path, "lapi.c"), " ");
    await rm(join(path, "testes/all.lua"));
    const again = provisionLua(context());
    await expect(again).rejects.toThrow(ProvisionError);
    await expect(again).rejects.toThrow(/lapi\.c is altered, testes\/all\.lua is missing/);
    await expect(again).rejects.toThrow(/remedy: rm -rf/);
  });

  test("refuses an altered archive and leaves no folder", async () => {
    served.set("/lua.tar.gz", tarGz([{ path: "lua-5/src/lapi.c", content: "int evil;\n" }]));
    await expect(provisionLua(context())).rejects.toThrow(/lapi\.c is altered, lua\.h is missing/);
    expect(await readdir(join(root, ".tools"))).toEqual([]);
    served.set("/lua.tar.gz", new TextEncoder().encode("<html>"));
    await expect(provisionLua(context())).rejects.toThrow(/archive is damaged: not a whole gzip/);
  });

  test("takes LUA_SRC at its word, or refuses it", async () => {
    const { path } = await provisionLua(context());
    const chosen = await provisionLua(context({ LUA_SRC: path }));
    expect(chosen).toEqual({ path, version: "5.4.8", origin: `LUA_SRC: ${path}` });
    await expect(provisionLua(context({ LUA_SRC: root }))).rejects.toThrow(/lapi\.c is missing/);
    await expect(provisionLua(context({ LUA_SRC: "nowhere" }))).rejects.toThrow(/no folder/);
  });

  test("stops when it is interrupted", async () => {
    const signal = AbortSignal.abort(new Error("stop"));
    await expect(provisionLua({ ...context(), signal })).rejects.toThrow("stop");
  });
});

describe("lua/upstream.json", () => {
  const project = join(import.meta.dirname, "..", "..", "..");

  test("lists the C files that build.zig compiles", async () => {
    const upstream = await readUpstream(project);
    const sources = await Promise.all(
      [
        "build/core.zig",
        "core/lua_collector.c",
        "core/lua_debug.c",
        "core/lua_interpreter.c",
        "core/lua_libraries.c",
        "core/lua_strings.c",
        "core/lua_tables.c",
        "core/lua_unit.c",
      ].map((name) => readFile(join(project, "zig", name), "utf8")),
    );
    const compiled = [...sources.join().matchAll(/"(l[a-z0-9]+\.c)"/g)].map(([, name]) => name);
    expect(compiled.toSorted()).toEqual(upstream.profiles.core.toSorted());
  });

  test("has a hash of each of them, and of the tests", async () => {
    const { profiles, files: listed } = await readUpstream(project);
    for (const name of profiles.core) expect(listed).toHaveProperty([name]);
    expect(listed).toHaveProperty(["testes/all.lua"]);
  });
});
