/** The lock of a file store: one writer at a time, in other containers with the folder too. */
import { whenAborted } from "./checked-store.ts";
import { errorCodeOf } from "./file-system.ts";
import {
  connect,
  createServer,
  delay,
  hostname,
  join,
  pid,
  promises,
  randomUUID,
  relative,
  Socket,
} from "./node.ts";
import { nodeFileSystem } from "./node-file-system.ts";
import {
  lockedError,
  StoreError,
  takenOverError,
  type WhenHeld,
  type WriterLock,
} from "./store.ts";

const { link, lstat, open, readdir } = promises;

export interface LockRequest {
  readonly folder: string;
  readonly whenHeld: WhenHeld;
  /** Ends waiting; its reason is thrown. */
  readonly signal: AbortSignal | undefined;
}

const numberPattern = /^lock\.([1-9][0-9]{0,14})$/;
/** The last number that the pattern takes. */
const numberMax = 10 ** 15 - 1;
const newPattern = /^lock\.new\./;
const takeOverRequest = "take over\n";
/** How long a holder is waited for that may be busy, only to say who it is. */
const introductionLimitMs = 300;
const pauseMs = 50;

/**
 * Process ids mean nothing in another container, and times lie. The listener of a Unix socket is
 * known to the kernel: whoever reaches the folder can ask it, and it ends with its process, however
 * that ends. So the lock is a socket on which its holder listens, `lock.<number>`:
 *
 * - The holder listens on the highest number. Where nobody does, the lock is free.
 * - To take it, a socket that is listened on already is linked under the next number. That fails
 *   when another one was faster; and who finds a still higher number then steps back.
 * - The highest number is not removed, so that who looked long ago can't take a lower one unseen.
 *
 * Gives undefined for "read" where another one holds it. Throws StoreError "locked", the signal's
 * reason, or the system's error.
 */
export async function lockFolder(request: LockRequest): Promise<WriterLock | undefined> {
  const { folder, signal } = request;
  const place = await placeOf(folder);
  try {
    for (;;) {
      signal?.throwIfAborted();
      const highest = await highestIn(folder);
      const isFree = highest === 0 || !(await isHeld(place, nameOf(highest), request));
      if (!isFree) return undefined;
      if (highest >= numberMax) throw lastNumberError(folder);
      const taken = new AbortController();
      const listener = await listen(place, () => taken.abort());
      try {
        if (await isTaken(folder, listener.name, highest + 1)) {
          await nodeFileSystem.remove(join(folder, listener.name));
          await removeOthers(place, folder, highest + 1);
          const confirm = await confirmationOf(join(folder, nameOf(highest + 1)), taken);
          return { taken: taken.signal, confirm, release: listener.close };
        }
      } catch (error) {
        await listener.close();
        throw error;
      }
      await listener.close();
    }
  } finally {
    await place.close();
  }
}

/**
 * A folder that was moved, emptied, or replaced by another has another lock, or none: what holds
 * this one must not write there.
 */
async function confirmationOf(path: string, taken: AbortController): Promise<() => Promise<void>> {
  const own = await lstat(path, { bigint: true });
  return async () => {
    const there = await lstat(path, { bigint: true }).catch((error: unknown) => {
      if (!["ENOENT", "ENOTDIR"].includes(errorCodeOf(error) ?? "")) throw error;
    });
    if (there?.dev === own.dev && there.ino === own.ino) return;
    taken.abort();
    throw takenOverError();
  };
}

function nameOf(number: number): string {
  return `lock.${number}`;
}

function lastNumberError(folder: string): StoreError {
  return new StoreError(
    "failed",
    `${folder}/${nameOf(numberMax)} is the last lock that there can be, and nobody holds it: ` +
      "delete that file",
  );
}

/** 0: there is none. */
async function highestIn(folder: string): Promise<number> {
  let highest = 0;
  for (const name of await readdir(folder)) {
    highest = Math.max(highest, Number(numberPattern.exec(name)?.[1] ?? 0));
  }
  return highest;
}

async function isTaken(folder: string, name: string, number: number): Promise<boolean> {
  const taken = join(folder, nameOf(number));
  try {
    await link(join(folder, name), taken);
  } catch (error) {
    // Another one was faster; or took the socket for a dead one's, and removed it.
    if (["EEXIST", "ENOENT"].includes(errorCodeOf(error) ?? "")) return false;
    throw error;
  }
  if ((await highestIn(folder)) === number) return true;
  await nodeFileSystem.remove(taken);
  return false;
}

/** What dead processes left behind. */
async function removeOthers(place: Place, folder: string, number: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const isOld = Number(numberPattern.exec(name)?.[1] ?? number) < number;
    // Of one that can't be asked nothing is known: it is no reason not to open.
    const isDead = newPattern.test(name) && !(await isListenedOn(place, name).catch(() => true));
    // A file of that name that is no socket is somebody else's.
    const isOwn = (isOld || isDead) && (await isSocket(place.pathOf(name)));
    if (isOwn) await nodeFileSystem.remove(join(folder, name));
  }
}

interface Place {
  readonly pathOf: (name: string) => string;
  /** Of a socket of that name. */
  readonly addressOf: (name: string) => string;
  readonly close: () => Promise<void>;
}

/** What addresses of sockets may have on every system. */
const addressBytesMax = 100;
const nameBytesMax = 24;

/**
 * A folder whose path is too long for an address, as seen from this process's own folder too, is
 * reached by its number, where Linux has one.
 */
async function placeOf(folder: string): Promise<Place> {
  const pathOf = (name: string): string => join(folder, name);
  const addressOf = (name: string): string => {
    const [path, fromHere] = [pathOf(name), relative("", pathOf(name))];
    return Buffer.byteLength(fromHere) < Buffer.byteLength(path) ? fromHere : path;
  };
  if (Buffer.byteLength(addressOf("")) + nameBytesMax <= addressBytesMax) {
    return { pathOf, addressOf, close: async () => undefined };
  }
  const handle = await open(folder);
  return {
    pathOf,
    addressOf: (name) => `/proc/self/fd/${handle.fd}/${name}`,
    close: () => handle.close(),
  };
}

/** Listens under a name of its own. What listens keeps no process alive. */
async function listen(place: Place, onAsked: () => void) {
  const name = `lock.new.${randomUUID().slice(-12)}`;
  const guests = new Set<Socket>();
  const server = createServer((guest) => {
    guests.add(guest);
    guest.unref();
    guest.on("error", () => undefined);
    guest.on("close", () => guests.delete(guest));
    let said = "";
    guest.setEncoding("latin1").on("data", (text: string) => {
      said = (said + text).slice(0, takeOverRequest.length);
      if (said === takeOverRequest) onAsked();
    });
    guest.write(`process ${pid} on ${hostname()}\n`);
  });
  server.unref();
  await new Promise<void>((resolve, reject) => {
    // Also told, once it listens, of guests that the system could not let in: no end of the lock.
    server.on("error", reject);
    // In a worker of a cluster, the primary would listen in its stead, and outlive it.
    server.listen({ path: place.addressOf(name), exclusive: true }, resolve);
  });
  const close = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
    for (const guest of guests) guest.destroy();
    await closed;
  };
  return { name, close };
}

/**
 * true for "read" alone, where somebody listens there; else nobody does any more, or this throws. A
 * connection that ends is no sign of that: a holder that is out of file descriptors takes each one
 * and closes it at once. So it is asked again until nobody listens.
 */
async function isHeld(place: Place, name: string, request: LockRequest): Promise<boolean> {
  const { whenHeld, signal } = request;
  for (;;) {
    const holder = await reached(place, name);
    if (holder === undefined) return false;
    try {
      if (whenHeld === "read") return true;
      if (whenHeld === "refuse") throw lockedError(await introductionOf(holder));
      if (holder !== "busy") await endOf(holder, request);
    } finally {
      if (holder !== "busy") holder.destroy();
    }
    // Waiting may have ended because the caller gave up, while the lock is still held.
    signal?.throwIfAborted();
    if (!(await isListenedOn(place, name))) return false;
    await delay(pauseMs);
  }
}

/** Resolves when the connection ends, or the caller gives up. */
async function endOf(holder: Socket, { whenHeld, signal }: LockRequest): Promise<void> {
  const over = new AbortController();
  const ended = new Promise<void>((resolve) => {
    holder.once("close", () => resolve());
    // A signal may live longer than all that waits with it.
    if (signal !== undefined) whenAborted(signal, resolve, over.signal);
  });
  if (whenHeld === "take-over") holder.write(takeOverRequest);
  holder.resume();
  await ended;
  over.abort();
}

async function isListenedOn(place: Place, name: string): Promise<boolean> {
  const holder = await reached(place, name);
  if (holder instanceof Socket) holder.destroy();
  return holder !== undefined;
}

/** Errors of this process's own limits: they say nothing about who listens. */
const ownShortages: ReadonlySet<string> = new Set(["EMFILE", "ENFILE", "ENOMEM"]);

/** A connection to who listens there; "busy": so many wait that no more fit in; or nobody does. */
async function reached(place: Place, name: string): Promise<Socket | "busy" | undefined> {
  if (!(await isSocket(place.pathOf(name)))) return undefined;
  const socket = connect(place.addressOf(name));
  const error = await new Promise<unknown>((resolve) => {
    socket.on("error", resolve);
    socket.once("connect", () => resolve(undefined));
  });
  if (error === undefined) return socket;
  socket.destroy();
  const code = errorCodeOf(error) ?? "EUNKNOWN";
  if (code === "ECONNREFUSED" || code === "ENOENT") return undefined;
  if (code === "EAGAIN") return "busy";
  // It let go before it took the connection.
  if (code === "ECONNRESET" || code === "EPIPE") return await reached(place, name);
  if (ownShortages.has(code)) throw error;
  throw lockedError(`a process that can't be asked (${code})`);
}

/** A link is none: it may lead to anybody's. */
async function isSocket(path: string): Promise<boolean> {
  const stats = await lstat(path).catch((error: unknown) => {
    if (errorCodeOf(error) !== "ENOENT") throw error;
  });
  return stats?.isSocket() === true;
}

async function introductionOf(holder: Socket | "busy"): Promise<string> {
  if (holder === "busy") return "another process, which many wait for";
  const said = new Promise<string>((resolve) => {
    holder.setEncoding("utf8").once("data", (text: string) => resolve(text.trim().slice(0, 100)));
    holder.once("close", () => resolve("another process"));
  });
  return await Promise.race([said, delay(introductionLimitMs, "another process", { ref: false })]);
}
