/** A Map by ids that a stranger may have chosen: they can't be made to share places in it. */

import { idMax } from "../abi/abi.ts";

const [drawnSeed = 0, drawnFactor = 1] = crypto.getRandomValues(new Uint32Array(2));
const seed = drawnSeed & idMax;
/** Odd, so that multiplying by it can be undone. */
const factor = (drawnFactor & idMax) | 1;
const inverse = inverseOf(factor);

/**
 * Engines hash numbers without a seed, so that a Map of chosen ones takes the square of their time.
 * Here an id is stood for by another number, drawn anew in each process. Ids are integers from 0 to
 * `idMax`; of any other number there is nothing.
 */
export class IdMap<Value> implements ReadonlyMap<number, Value> {
  readonly #values = new Map<number, Value>();

  constructor(entries: Iterable<readonly [number, Value]> = []) {
    for (const [id, value] of entries) this.set(id, value);
  }

  get size(): number {
    return this.#values.size;
  }

  get(id: number): Value | undefined {
    return isId(id) ? this.#values.get(scrambled(id)) : undefined;
  }

  has(id: number): boolean {
    return isId(id) && this.#values.has(scrambled(id));
  }

  /** Throws RangeError for what is no id. */
  set(id: number, value: Value): this {
    if (!isId(id)) throw new RangeError(`${id} is no id`);
    this.#values.set(scrambled(id), value);
    return this;
  }

  delete(id: number): boolean {
    return isId(id) && this.#values.delete(scrambled(id));
  }

  clear(): void {
    this.#values.clear();
  }

  *keys(): MapIterator<number> {
    for (const key of this.#values.keys()) yield unscrambled(key);
  }

  values(): MapIterator<Value> {
    return this.#values.values();
  }

  *entries(): MapIterator<[number, Value]> {
    for (const [key, value] of this.#values) yield [unscrambled(key), value];
  }

  [Symbol.iterator](): MapIterator<[number, Value]> {
    return this.entries();
  }

  forEach(
    callback: (value: Value, id: number, map: ReadonlyMap<number, Value>) => void,
    thisArgument?: unknown,
  ): void {
    for (const [id, value] of this) callback.call(thisArgument, value, id, this);
  }
}

/** A host may pass anything. */
function isId(id: unknown): boolean {
  return Number.isInteger(id) && Number(id) >= 0 && Number(id) <= idMax;
}

function scrambled(id: number): number {
  return (Math.imul(id ^ seed, factor) & idMax) ^ seed;
}

function unscrambled(key: number): number {
  return (Math.imul(key ^ seed, inverse) & idMax) ^ seed;
}

/** Of an odd number, modulo 2^32: each step of Newton's doubles the bits that are right. */
function inverseOf(odd: number): number {
  let found = odd;
  for (let step = 0; step < 5; step++) found = Math.imul(found, 2 - Math.imul(odd, found));
  return found;
}
