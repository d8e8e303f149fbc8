/** Snapshots that only the holder of a key could have made: HMAC-SHA-256, by Web Crypto. */
import { isA, messageOf, UsageError } from "../check/errors.ts";
import { copyOfBytes, isBytes } from "../check/given-bytes.ts";
import { headerBytes, macBytes, readContainer, withRoomForMac } from "./container.ts";

/** A snapshot that can't be sealed, or whose seal is not of this key. */
export class SnapshotError extends Error {
  override readonly name = "SnapshotError";
}

/** Sixteen random bytes are the least that can't be guessed. */
const keyBytesMin = 16;
const algorithm = { name: "HMAC", hash: "SHA-256" } as const;
/** What only this file has, so that only `openSnapshot` makes an AuthenticSnapshot. */
const maker = Symbol("openSnapshot");

/** Bytes whose MAC was checked. They are kept apart from whoever handed them in. */
export class AuthenticSnapshot {
  readonly #bytes: Uint8Array<ArrayBuffer>;

  /** Not for callers: `openSnapshot` makes them. */
  constructor(proof: symbol, bytes: Uint8Array<ArrayBuffer>) {
    if (proof !== maker) {
      throw new UsageError("only openSnapshot makes an AuthenticSnapshot");
    }
    this.#bytes = bytes;
  }

  static is(value: unknown): value is AuthenticSnapshot {
    return typeof value === "object" && value !== null && #bytes in value;
  }

  /** The sealed container; a copy, so that what was checked stays as it was. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice();
  }
}

/**
 * The snapshot or image with a MAC at its end. `key`: a CryptoKey for HMAC with SHA-256, or at
 * least 16 random bytes. Throws SnapshotError for bytes that are none or are sealed already,
 * UsageError for a key that is none.
 */
export async function sealSnapshot(
  bytes: Uint8Array,
  key: CryptoKey | Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  const given = copyOfBytes(bytes, "what is sealed is bytes (a Uint8Array)");
  const read = readContainer(given, { bytesMax: Infinity, objectsMax: Infinity });
  if (!read.ok) throw new SnapshotError(`can't be sealed: ${read.reason}`);
  if (read.container.sealed) throw new SnapshotError("can't be sealed: it is sealed already");
  const sealed = withRoomForMac(given);
  const signed = sealed.subarray(0, -macBytes);
  const mac = await withKey(key, "sign", (hmac) => subtle().sign("HMAC", hmac, signed));
  sealed.set(new Uint8Array(mac), signed.length);
  return sealed;
}

/**
 * Checks the MAC before it looks at anything else. Throws SnapshotError when the key is another or
 * a byte was changed, UsageError for a key that is none.
 */
export async function openSnapshot(
  sealed: Uint8Array,
  key: CryptoKey | Uint8Array,
): Promise<AuthenticSnapshot> {
  // The copy is what is checked: the caller's bytes may change while the check is under way.
  const bytes = copyOfBytes(sealed, "a sealed snapshot is bytes (a Uint8Array)");
  if (bytes.length < headerBytes + macBytes) {
    throw new SnapshotError(`${bytes.length} bytes are too few for a sealed snapshot`);
  }
  const mac = bytes.subarray(-macBytes);
  const signed = bytes.subarray(0, -macBytes);
  const isOfKey = await withKey(key, "verify", (hmac) =>
    subtle().verify("HMAC", hmac, mac, signed),
  );
  if (!isOfKey) {
    throw new SnapshotError("wrong key or changed bytes: the MAC does not match");
  }
  const read = readContainer(bytes, { bytesMax: Infinity, objectsMax: Infinity });
  if (!read.ok) throw new SnapshotError(`sealed, but no snapshot: ${read.reason}`);
  if (!read.container.sealed) throw new SnapshotError("the snapshot does not say it is sealed");
  return new AuthenticSnapshot(maker, bytes);
}

function subtle(): SubtleCrypto {
  return globalThis.crypto.subtle;
}

/** What is no key, and only shows it when it is used, is wrong use all the same. */
async function withKey<Answer>(
  key: CryptoKey | Uint8Array,
  use: "sign" | "verify",
  work: (key: CryptoKey) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await work(await hmacKey(key, use));
  } catch (cause) {
    if (isA(cause, UsageError)) throw cause;
    throw new UsageError(`no key for ${algorithm.name}: ${messageOf(cause)}`, { cause });
  }
}

async function hmacKey(key: CryptoKey | Uint8Array, use: "sign" | "verify"): Promise<CryptoKey> {
  if (isBytes(key)) {
    const raw = copyOfBytes(key, "a key is a CryptoKey or bytes (a Uint8Array)");
    if (raw.length < keyBytesMin) {
      throw new UsageError(`a key has at least ${keyBytesMin} bytes, this one ${raw.length}`);
    }
    return await subtle().importKey("raw", raw, algorithm, false, [use]);
  }
  const { name } = key.algorithm;
  const hash = "hash" in key.algorithm ? key.algorithm.hash : undefined;
  const isSha256 =
    typeof hash === "object" && hash !== null && "name" in hash && hash.name === algorithm.hash;
  if (name !== algorithm.name || !isSha256 || !key.usages.includes(use)) {
    throw new UsageError(`a CryptoKey is for ${algorithm.name} with ${algorithm.hash}, to ${use}`);
  }
  return key;
}
