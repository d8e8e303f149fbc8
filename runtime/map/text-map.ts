/** A Map in which long texts, such as encoded keys of external tables, are found fast as well. */
import { LongText, LongTexts, shortTextMax } from "./long-texts.ts";

/** As a Map, in the order of insertion. undefined is no key. */
export class TextMap<Key, Value> {
  /** Under each key, or what stands for it where it is a long text. */
  readonly #values = new Map<Key | LongText | undefined, Value>();
  /** Made when there is one: most maps have none. */
  #longTexts: LongTexts | undefined;

  get size(): number {
    return this.#values.size;
  }

  get(key: Key): Value | undefined {
    return this.#values.get(this.#found(key));
  }

  has(key: Key): boolean {
    return this.#values.has(this.#found(key));
  }

  set(key: Key, value: Value): void {
    if (!isLong(key)) {
      this.#values.set(key, value);
      return;
    }
    this.#longTexts ??= new LongTexts();
    this.#values.set(this.#longTexts.add(key), value);
  }

  delete(key: Key): boolean {
    const found = this.#found(key);
    if (found instanceof LongText) this.#longTexts?.remove(found);
    return this.#values.delete(found);
  }

  values(): IterableIterator<Value> {
    return this.#values.values();
  }

  /** What the Map finds it by; undefined: there is no such long text. */
  #found(key: Key): Key | LongText | undefined {
    return isLong(key) ? this.#longTexts?.find(key) : key;
  }
}

function isLong(key: unknown): key is string {
  return typeof key === "string" && key.length > shortTextMax;
}
