/** Where long keys stand: found by a hash over all of their bytes, which an engine's Map is not. */
import { xxh32 } from "./snapshot/xxh32.ts";
import { bytesOfLatin1 } from "./table-key.ts";

interface LongKey {
  readonly key: string;
  place: number;
}

export class LongKeys {
  readonly #buckets = new Map<number, LongKey[]>();
  /** Nobody can choose keys that collide. */
  readonly #seed = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;

  get(key: string): number | undefined {
    return this.#find(key, this.#hash(key))?.place;
  }

  set(key: string, place: number): void {
    const hash = this.#hash(key);
    const known = this.#find(key, hash);
    if (known !== undefined) {
      known.place = place;
      return;
    }
    const bucket = this.#buckets.get(hash);
    if (bucket === undefined) this.#buckets.set(hash, [{ key, place }]);
    else bucket.push({ key, place });
  }

  delete(key: string): void {
    const hash = this.#hash(key);
    const others = this.#buckets.get(hash)?.filter((each) => each.key !== key) ?? [];
    if (others.length === 0) this.#buckets.delete(hash);
    else this.#buckets.set(hash, others);
  }

  #find(key: string, hash: number): LongKey | undefined {
    return this.#buckets.get(hash)?.find((each) => each.key === key);
  }

  #hash(key: string): number {
    return xxh32(bytesOfLatin1(key), this.#seed);
  }
}
