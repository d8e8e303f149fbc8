/** The container and its seal: what was written is read, and no other bytes are. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { xxh32 } from "../bytes/xxh32.ts";
import { UsageError } from "../check/errors.ts";
import { encodeBody } from "../graph/encode-body.ts";
import { sampleState } from "../graph/sample-graph.fixture.ts";
import { AuthenticSnapshot, openSnapshot, SnapshotError, sealSnapshot } from "./authentic.ts";
import { type Container, readContainer, writeContainer } from "./container.ts";

const state = sampleState();
const sample: Container = {
  kind: "snapshot",
  functionCount: state.objects.filter(({ kind }) => kind === "prototype").length,
  objectCount: state.objects.length,
  host: Uint8Array.of(5, 0, 0, 0, 0),
  body: encodeBody(state),
};
const image: Container = {
  kind: "image",
  functionCount: 0,
  objectCount: 0,
  host: new Uint8Array(),
  body: Uint8Array.of(1, 2, 3),
};
const key = Uint8Array.from({ length: 32 }, (_, i) => i);

/** As an attacker would: another header or body with checksums that are right. */
function forged(changes: {
  readonly header?: readonly (readonly [number, number])[];
  readonly container?: Container;
}): Uint8Array {
  const bytes = writeContainer(changes.container ?? sample);
  const view = new DataView(bytes.buffer);
  for (const [at, byte] of changes.header ?? []) view.setUint8(at, byte);
  view.setUint32(40, xxh32(bytes.subarray(48)), true);
  view.setUint32(44, xxh32(bytes.subarray(0, 44)), true);
  return bytes;
}

describe("XXH32", () => {
  const bytes = new TextEncoder();
  it.each([
    ["", 0, 0x02cc5d05],
    ["a", 0, 0x550d7456],
    ["abc", 0, 0x32d153ff],
    ["Nobody inspects the spammish repetition", 0, 0xe2293b2f],
  ])("of %j with seed %d", (text, seed, expected) => {
    expect(xxh32(bytes.encode(text), seed)).toBe(expected);
  });

  it("does not depend on where the bytes lie", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat({ max: 7 }), (content, offset) => {
        const shifted = new Uint8Array(content.length + offset).subarray(offset);
        shifted.set(content);
        expect(xxh32(shifted)).toBe(xxh32(content));
      }),
    );
  });
});

describe("a container", () => {
  it.each([
    ["snapshot", sample],
    ["image", image],
  ])("of kind %s is read as it was written", (_, container) => {
    const read = readContainer(writeContainer(container));
    expect(read).toEqual({ ok: true, container: { ...container, sealed: false } });
  });

  it("is refused when cut short or made longer, wherever", () => {
    const bytes = writeContainer(sample);
    for (let length = 0; length < bytes.length; length++) {
      expect(readContainer(bytes.subarray(0, length)).ok, `${length} bytes`).toBe(false);
    }
    expect(readContainer(Uint8Array.of(...bytes, 0)).ok).toBe(false);
  });

  it("is refused with any one bit changed", () => {
    const bytes = writeContainer(sample);
    for (let at = 0; at < bytes.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
        expect(readContainer(bytes).ok, `bit ${bit} of byte ${at}`).toBe(false);
        bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
      }
    }
    expect(readContainer(bytes).ok).toBe(true);
  });

  it.each<[string, Uint8Array, string]>([
    ["another beginning", forged({ header: [[0, 0x88]] }), "first eight bytes"],
    ["another version", forged({ header: [[8, 2]] }), "format version 2"],
    ["another kind", forged({ header: [[10, 3]] }), "kind 3"],
    ["an unknown flag", forged({ header: [[12, 2]] }), "flags 0x2"],
    ["a seal that is not there", forged({ header: [[12, 1]] }), "the header announces"],
    ["another Lua", forged({ header: [[16, 0xe7]] }), "Lua release 50407"],
    ["a longer host section", forged({ header: [[20, 6]] }), "the header announces"],
    ["a host section of 4 GiB", forged({ header: [[23, 255]] }), "the header announces"],
    ["a word that is not 0", forged({ header: [[36, 1]] }), "bytes 36 to 39"],
    ["functions that are hidden", forged({ header: [[28, 0]] }), "the header counts"],
    ["another count of objects", forged({ header: [[32, 1]] }), "the header counts"],
    [
      "a body that is none",
      forged({ container: { ...sample, body: Uint8Array.of(1) } }),
      "body of 1 bytes",
    ],
    [
      "an image that counts functions",
      forged({ container: { ...image, functionCount: 1 } }),
      "an image counts no objects",
    ],
  ])("with %s is refused, its checksums being right", (_, bytes, reason) => {
    expect(readContainer(bytes)).toMatchObject({
      ok: false,
      reason: expect.stringContaining(reason),
    });
  });

  it("is no larger than the limits", () => {
    const bytes = writeContainer(sample);
    expect(readContainer(bytes, { bytesMax: bytes.length - 1 }).ok).toBe(false);
    expect(readContainer(bytes, { objectsMax: 2 }).ok).toBe(false);
    expect(
      readContainer(bytes, { bytesMax: bytes.length, objectsMax: sample.objectCount }).ok,
    ).toBe(true);
  });
});

describe("a sealed snapshot", () => {
  it("opens with its key, and reads as what was sealed", async () => {
    const sealed = await sealSnapshot(writeContainer(sample), key);
    const open = await openSnapshot(sealed, key);
    expect(open).toBeInstanceOf(AuthenticSnapshot);
    expect(readContainer(open.bytes)).toEqual({
      ok: true,
      container: { ...sample, sealed: true },
    });
  });

  it("ends in HMAC-SHA-256 over all before it", async () => {
    const { createHmac } = await import("node:crypto");
    const sealed = await sealSnapshot(writeContainer(image), key);
    const expected = createHmac("sha256", key).update(sealed.subarray(0, -32)).digest("hex");
    expect(Buffer.from(sealed.subarray(-32)).toString("hex")).toBe(expected);
  });

  it("takes a CryptoKey for HMAC with SHA-256, and no other", async () => {
    const keyFor = (hash: string) =>
      crypto.subtle.importKey("raw", key, { name: "HMAC", hash }, false, ["sign", "verify"]);
    const sealed = await sealSnapshot(writeContainer(image), await keyFor("SHA-256"));
    expect((await openSnapshot(sealed, key)).bytes).toEqual(sealed);
    await expect(openSnapshot(sealed, await keyFor("SHA-512"))).rejects.toThrow(UsageError);
    await expect(sealSnapshot(writeContainer(image), key.subarray(0, 15))).rejects.toThrow(
      UsageError,
    );
  });

  it("does not open with any bit changed, cut short, or with another key", async () => {
    const sealed = await sealSnapshot(writeContainer(image), key);
    for (let at = 0; at < sealed.length; at++) {
      for (const bit of [0, 3, 7]) {
        const changed = sealed.slice();
        changed[at] = (changed[at] ?? 0) ^ (1 << bit);
        await expect(openSnapshot(changed, key), `byte ${at}`).rejects.toThrow("wrong key");
      }
      await expect(openSnapshot(sealed.subarray(0, at), key)).rejects.toThrow(SnapshotError);
    }
    await expect(
      openSnapshot(
        sealed,
        key.map((byte) => byte + 1),
      ),
    ).rejects.toThrow("wrong key");
  });

  it("is checked before it is parsed: no container at all is a wrong key first", async () => {
    await expect(openSnapshot(new Uint8Array(100), key)).rejects.toThrow("wrong key");
    const { createHmac } = await import("node:crypto");
    const mac = createHmac("sha256", key).update(new Uint8Array(100)).digest();
    const signed = Uint8Array.of(...new Uint8Array(100), ...mac);
    await expect(openSnapshot(signed, key)).rejects.toThrow("sealed, but no snapshot");
  });

  it("stays what was checked, whatever happens to the bytes meanwhile", async () => {
    const sealed = await sealSnapshot(writeContainer(image), key);
    const before = sealed.slice();
    const opening = openSnapshot(sealed, key);
    sealed.fill(0);
    const open = await opening;
    open.bytes.fill(1);
    expect(open.bytes).toEqual(before);
  });

  it("is not sealed twice, and nothing but a container is", async () => {
    const sealed = await sealSnapshot(writeContainer(image), key);
    await expect(sealSnapshot(sealed, key)).rejects.toThrow("sealed already");
    await expect(sealSnapshot(new Uint8Array(60), key)).rejects.toThrow(SnapshotError);
  });

  it("can't be made without its MAC", () => {
    expect(() => new AuthenticSnapshot(Symbol("openSnapshot"), new Uint8Array())).toThrow(
      UsageError,
    );
  });
});
