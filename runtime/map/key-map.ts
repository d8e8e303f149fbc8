/** A map from encoded keys, in order of insertion: a cursor is two numbers, long keys no trap. */
import { TextMap } from "./text-map.ts";

/** So many holes are left where they are. */
const holesMax = 8;

/**
 * As a Map. But an iterator of a Map keeps all that was deleted since it stands still, and can't be
 * put at a key. Keys are texts of one character for each byte.
 */
export class KeyMap<Value> {
  /** Where each key stands in the two lists; both have holes where entries were deleted. */
  #places: TextMap<string, number> | undefined;
  /** In a hole: a place behind it before which there is no entry. */
  #keys: (string | number)[] = [];
  #values: (Value | undefined)[] = [];
  /** The number of each place, ascending; absent while they are in step from `#firstNumber` on. */
  #numbers: number[] | undefined;
  #firstNumber = 0;
  /** Each entry gets a number, once: it tells where a cursor stands when places have changed. */
  #nextNumber = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Places of entries that were deleted, beyond the few that are always left. */
  get holes(): number {
    return Math.max(0, this.#keys.length - this.#size - holesMax);
  }

  get(key: string): Value | undefined {
    const place = this.placeOf(key);
    return place === undefined ? undefined : this.#values[place];
  }

  has(key: string): boolean {
    return this.placeOf(key) !== undefined;
  }

  set(key: string, value: Value): void {
    const place = this.placeOf(key);
    if (place === undefined) this.add(key, value);
    else this.replaceAt(place, value);
  }

  /** Where the key stands until the next change; undefined when there is none. */
  placeOf(key: string): number | undefined {
    return this.#places?.get(key);
  }

  replaceAt(place: number, value: Value): void {
    this.#values[place] = value;
  }

  /** For a key that is not there. */
  add(key: string, value: Value): void {
    this.#setPlace(key, this.#keys.length);
    this.#keys.push(key);
    this.#values.push(value);
    this.#numbers?.push(this.#nextNumber);
    this.#nextNumber += 1;
    this.#size += 1;
  }

  /** Whether it was there. */
  delete(key: string): boolean {
    const place = this.placeOf(key);
    if (place === undefined) return false;
    this.#places?.delete(key);
    this.#keys[place] = place + 1;
    this.#values[place] = undefined;
    this.#size -= 1;
    if (this.#size === 0) {
      this.clear();
      return true;
    }
    const holes = this.#keys.length - this.#size;
    if (holes > holesMax && holes > this.#size / 2) this.#closeHoles();
    return true;
  }

  clear(): void {
    this.#places = undefined;
    this.#keys = [];
    this.#values = [];
    this.#numbers = undefined;
    this.#firstNumber = this.#nextNumber;
    this.#size = 0;
  }

  /** Live: sees what is added on the way, and not what is deleted before its turn. */
  *[Symbol.iterator](): IterableIterator<[string, Value]> {
    const cursor = this.begin();
    for (let key = cursor.key; key !== undefined; key = cursor.key) {
      const { value } = cursor;
      cursor.step();
      if (value !== undefined) yield [key, value];
    }
  }

  *keys(): IterableIterator<string> {
    for (const [key] of this) yield key;
  }

  /** At the first entry. */
  begin(): KeyCursor<Value> {
    return new KeyCursor(this, { number: 0, place: 0 });
  }

  /** At this key; undefined when there is none. */
  beginAt(key: string): KeyCursor<Value> | undefined {
    const place = this.placeOf(key);
    if (place === undefined) return undefined;
    return new KeyCursor(this, { number: this.numberAt(place), place });
  }

  /** Behind the last entry. */
  beginAtEnd(): KeyCursor<Value> {
    return new KeyCursor(this, { number: this.#nextNumber, place: this.#keys.length });
  }

  // What follows is for cursors.

  /** The place of the first entry whose number is not below `number`; `guess`: perhaps there. */
  seek(number: number, guess: number): number {
    let place = guess;
    const isThere =
      this.numberAt(place) >= number && (place === 0 || this.numberAt(place - 1) < number);
    if (!isThere) place = this.#placeFrom(number);
    return this.#behindHoles(place);
  }

  keyAt(place: number): string | undefined {
    const key = this.#keys[place];
    return typeof key === "string" ? key : undefined;
  }

  valueAt(place: number): Value | undefined {
    return this.#values[place];
  }

  /** Behind the last place: the number that is given next. */
  numberAt(place: number): number {
    if (place >= this.#keys.length) return this.#nextNumber;
    return this.#numbers?.[place] ?? this.#firstNumber + place;
  }

  /** The first place from there on that is no hole; who looks again is led there at once. */
  #behindHoles(from: number): number {
    let end = from;
    for (let to = this.#keys[end]; typeof to === "number"; to = this.#keys[end]) end = to;
    for (let at = from; at < end; ) {
      const to = this.#keys[at];
      if (typeof to !== "number") break;
      this.#keys[at] = end;
      at = to;
    }
    return end;
  }

  #placeFrom(number: number): number {
    let low = 0;
    let high = this.#keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.numberAt(middle) < number) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #setPlace(key: string, place: number): void {
    this.#places ??= new TextMap();
    this.#places.set(key, place);
  }

  /** In new lists and a new Map: engines keep the room that they had for more. */
  #closeHoles(): void {
    const keys: string[] = [];
    const values: (Value | undefined)[] = [];
    const numbers: number[] = [];
    this.#places = undefined;
    for (const [place, key] of this.#keys.entries()) {
      if (typeof key !== "string") continue;
      this.#setPlace(key, keys.push(key) - 1);
      values.push(this.#values[place]);
      numbers.push(this.numberAt(place));
    }
    this.#keys = keys;
    this.#values = values;
    this.#numbers = numbers;
  }
}

/** Where a loop over a KeyMap stands, whatever is added and deleted meanwhile. */
export class KeyCursor<Value> {
  readonly #map: KeyMap<Value>;
  /** What comes next has at least this number. */
  #number: number;
  #place: number;

  constructor(map: KeyMap<Value>, at: { readonly number: number; readonly place: number }) {
    this.#map = map;
    this.#number = at.number;
    this.#place = at.place;
  }

  /** The key that comes next, however often it is asked; undefined behind the last one. */
  get key(): string | undefined {
    return this.#map.keyAt(this.#seek());
  }

  /** Its value. */
  get value(): Value | undefined {
    return this.#map.valueAt(this.#seek());
  }

  /** Equal for cursors that stand at one key, until the next change of the map. */
  get at(): number {
    return this.#seek();
  }

  /** Passes the key that comes next. */
  step(): void {
    const place = this.#seek();
    this.#number = this.#map.numberAt(place) + 1;
    this.#place = place + 1;
  }

  #seek(): number {
    this.#place = this.#map.seek(this.#number, this.#place);
    return this.#place;
  }
}
