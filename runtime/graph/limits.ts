/** What is taken of a body: from which release of Lua, and how much from a stranger. */

/** Of Lua 5.4.8, as LUA_VERSION_RELEASE_NUM has it. */
export const luaRelease = 50_408;

/** How much is taken from a stranger. */
export interface SnapshotLimits {
  /** The whole container, or a body that is decoded on its own. */
  readonly bytesMax: number;
  readonly objectsMax: number;
}

/** A state of 2 MiB never comes near: its smallest object takes 16 bytes. */
export const defaultLimits: SnapshotLimits = { bytesMax: 16 * 1024 * 1024, objectsMax: 262_144 };
