/** How much the external tables of one core may hold, and how much they do. */

/** Limits over all external tables of a core; an absent one does not limit. */
export interface Quota {
  /** Of keys and values as they are encoded. */
  readonly maxBytes?: number;
  readonly maxEntries?: number;
}

export interface Usage {
  readonly bytes: number;
  readonly entries: number;
}

/** Counts what is used, and refuses what would pass the limit. */
export class QuotaAccount {
  readonly limits: Quota;
  #bytes = 0;
  #entries = 0;

  constructor(limits: Quota) {
    this.limits = limits;
  }

  get used(): Usage {
    return { bytes: this.#bytes, entries: this.#entries };
  }

  /** False, with nothing counted, when it would grow beyond a limit. Less is always accepted. */
  add({ bytes, entries }: Usage): boolean {
    const { maxBytes = Infinity, maxEntries = Infinity } = this.limits;
    if (bytes > 0 && this.#bytes + bytes > maxBytes) return false;
    if (entries > 0 && this.#entries + entries > maxEntries) return false;
    this.#bytes += bytes;
    this.#entries += entries;
    return true;
  }

  subtract({ bytes, entries }: Usage): void {
    this.#bytes -= bytes;
    this.#entries -= entries;
  }

  /** The limits and what is used, for a message. */
  describe(): string {
    const { maxBytes = "any", maxEntries = "any" } = this.limits;
    return `${this.#bytes} of ${maxBytes} bytes, ${this.#entries} of ${maxEntries} entries`;
  }
}
