/** Texts of any length as keys of a Map: long ones are found by their parts. */

/**
 * V8 hashes a longer text by its length alone: a Map would compare each with all others of that
 * length, character by character.
 */
export const shortTextMax = 16_383;

/** What stands for a long text in a Map: the same object for equal texts. */
export class LongText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Where a text goes on, or ends. */
interface Branch {
  readonly branches: Map<string, Branch>;
  end: LongText | undefined;
}

/** The long texts of one Map. All of it takes time in proportion to the text that is asked for. */
export class LongTexts {
  readonly #root: Branch = { branches: new Map(), end: undefined };

  find(text: string): LongText | undefined {
    let branch: Branch | undefined = this.#root;
    for (let at = 0; branch !== undefined && at < text.length; at += shortTextMax) {
      branch = branch.branches.get(text.slice(at, at + shortTextMax));
    }
    return branch?.end;
  }

  /** The one of an equal text that was added before, else a new one. */
  add(text: string): LongText {
    let branch = this.#root;
    for (let at = 0; at < text.length; at += shortTextMax) {
      const part = text.slice(at, at + shortTextMax);
      let next = branch.branches.get(part);
      if (next === undefined) {
        next = { branches: new Map(), end: undefined };
        branch.branches.set(copyOf(part), next);
      }
      branch = next;
    }
    branch.end ??= new LongText(text);
    return branch.end;
  }

  remove({ text }: LongText): void {
    const passed: { readonly branch: Branch; readonly part: string }[] = [];
    let branch = this.#root;
    for (let at = 0; at < text.length; at += shortTextMax) {
      const part = text.slice(at, at + shortTextMax);
      const next = branch.branches.get(part);
      if (next === undefined) return;
      passed.push({ branch, part });
      branch = next;
    }
    branch.end = undefined;
    for (const { branch: before, part } of passed.reverse()) {
      const after = before.branches.get(part);
      if (after === undefined || after.end !== undefined || after.branches.size > 0) return;
      before.branches.delete(part);
    }
  }
}

/** A slice keeps the whole text that it was taken from, and others may begin with the same part. */
function copyOf(part: string): string {
  const half = part.length >> 1;
  return [part.slice(0, half), part.slice(half)].join("");
}
