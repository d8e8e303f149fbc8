/** All that the runtime takes of Node: a store of files is the one part that needs it. */
export { randomUUID } from "node:crypto";
export { constants, promises, type Stats } from "node:fs";
export { connect, createServer, Socket } from "node:net";
export { hostname } from "node:os";
export { join, relative } from "node:path";
export { pid } from "node:process";
export { setTimeout as delay } from "node:timers/promises";
