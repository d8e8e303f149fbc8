/** What is taken of a body: from which release of Lua, and how much from a stranger. */
import { memoryBytes } from "../abi/abi.ts";

/** Of Lua 5.4.8, as LUA_VERSION_RELEASE_NUM has it. */
export const luaRelease = 50_408;

/** How much is taken from a stranger. */
export interface SnapshotLimits {
  /** The whole container, or a body that is decoded on its own. */
  readonly bytesMax: number;
  readonly objectsMax: number;
}

/** Of an object in Lua's memory, at least. */
const objectBytes = 16;

/** No state comes near: its memory also has stack, code and strings. */
export const defaultLimits: SnapshotLimits = {
  bytesMax: 16 * 1024 * 1024,
  objectsMax: memoryBytes / objectBytes,
};
