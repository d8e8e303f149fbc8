/** A Map of texts of any length, such as the encoded keys of external tables. */
import { LongText, LongTexts, shortTextMax } from "./long-texts.ts";

/** What a text is found by: itself, or what stands for a long one. */
type TextKey = string | LongText;

/** In the order of insertion, and live while it is walked, as a Map is. */
export class TextMap<Value> implements ReadonlyMap<string, Value> {
  readonly #values = new Map<TextKey, Value>();
  /** Made when there is one: most maps have none. */
  #longTexts: LongTexts | undefined;

  get size(): number {
    return this.#values.size;
  }

  get(text: string): Value | undefined {
    const key = this.#keyOf(text);
    return key === undefined ? undefined : this.#values.get(key);
  }

  has(text: string): boolean {
    const key = this.#keyOf(text);
    return key !== undefined && this.#values.has(key);
  }

  set(text: string, value: Value): this {
    if (text.length <= shortTextMax) {
      this.#values.set(text, value);
    } else {
      this.#longTexts ??= new LongTexts();
      this.#values.set(this.#longTexts.add(text), value);
    }
    return this;
  }

  delete(text: string): boolean {
    const key = this.#keyOf(text);
    if (key === undefined) return false;
    if (key instanceof LongText) this.#longTexts?.remove(key);
    return this.#values.delete(key);
  }

  clear(): void {
    this.#values.clear();
    this.#longTexts = undefined;
  }

  *keys(): MapIterator<string> {
    for (const key of this.#values.keys()) yield textOfKey(key);
  }

  values(): MapIterator<Value> {
    return this.#values.values();
  }

  *entries(): MapIterator<[string, Value]> {
    for (const [key, value] of this.#values) yield [textOfKey(key), value];
  }

  [Symbol.iterator](): MapIterator<[string, Value]> {
    return this.entries();
  }

  forEach(
    callback: (value: Value, text: string, map: ReadonlyMap<string, Value>) => void,
    thisArgument?: unknown,
  ): void {
    this.#values.forEach((value, key) => {
      callback.call(thisArgument, value, textOfKey(key), this);
    });
  }

  /** What it is found by; undefined: no such long text is here. */
  #keyOf(text: string): TextKey | undefined {
    return text.length <= shortTextMax ? text : this.#longTexts?.find(text);
  }
}

function textOfKey(key: TextKey): string {
  return typeof key === "string" ? key : key.text;
}
