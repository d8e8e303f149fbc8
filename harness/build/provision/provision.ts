/** Set-up: the tools and sources that a build needs, fetched once, checked at every call. */
import { resolve } from "node:path";
import { provisionLua } from "./lua.ts";
import type { ProvisionContext } from "./provision-context.ts";
import { provisionZig, warmUpZig } from "./zig.ts";
import { zigVersion } from "./zig-wheels.ts";

export interface Tools {
  readonly zigPath: string;
  readonly zigVersion: string;
  readonly luaPath: string;
  readonly luaVersion: string;
  /** Where Lua's sources came from, for a person. */
  readonly luaOrigin: string;
}

/**
 * Everything a build needs, in `<root>/.tools/` and `<root>/.cache/`. The first call downloads
 * about 110 MB and takes two to three minutes, most of it Zig's work on its own build runner; every
 * later one only checks. Throws ProvisionError, or the signal's reason.
 */
export async function provision(context: ProvisionContext): Promise<Tools> {
  const absolute = { ...context, root: resolve(context.root) };
  const lua = await provisionLua(absolute);
  const zigPath = await provisionZig(absolute);
  await warmUpZig(zigPath, absolute);
  return {
    zigPath,
    zigVersion,
    luaPath: lua.path,
    luaVersion: lua.version,
    luaOrigin: lua.origin,
  };
}
