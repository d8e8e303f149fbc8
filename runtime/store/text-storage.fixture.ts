/** A Storage as browsers have it, with room for some characters; Chromium's is tested too. */
export class TextStorage {
  readonly #texts = new Map<string, string>();
  readonly #charactersMax: number;

  constructor(charactersMax: number) {
    this.#charactersMax = charactersMax;
  }

  get length(): number {
    return this.#texts.size;
  }

  key(index: number): string | null {
    return [...this.#texts.keys()][index] ?? null;
  }

  getItem(key: string): string | null {
    return this.#texts.get(key) ?? null;
  }

  setItem(key: string, text: string): void {
    let used = key.length + text.length;
    for (const [other, kept] of this.#texts) if (other !== key) used += other.length + kept.length;
    if (used > this.#charactersMax) {
      throw new DOMException("the quota has been exceeded", "QuotaExceededError");
    }
    this.#texts.set(key, text);
  }

  removeItem(key: string): void {
    this.#texts.delete(key);
  }
}
