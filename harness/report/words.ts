/** The words and symbols that all formats show states with: colour never stands alone. */
import { formatCount } from "./format.ts";
import type { Cell, CellState } from "./schema.ts";

interface StateWords {
  readonly symbol: string;
  /** As in "2 failed". */
  readonly word: string;
}

export const stateWords: Readonly<Record<CellState, StateWords>> = {
  crash: { symbol: "✗", word: "crashed" },
  timeout: { symbol: "✗", word: "timed out" },
  fail: { symbol: "✗", word: "failed" },
  missing: { symbol: "?", word: "missing" },
  "not-run": { symbol: "?", word: "not run" },
  unsupported: { symbol: "–", word: "unsupported" },
  skipped: { symbol: "–", word: "skipped" },
  pass: { symbol: "✓", word: "passed" },
};

/** A cell in a few characters: "✓ 40", "✗ 1 failed", "✓ 13, 1 skipped". */
export function cellText({ state, counts }: Cell): string {
  const { symbol, word } = stateWords[state];
  if (state === "pass") return `${symbol} ${formatCount(counts.pass)}`;
  const worst = `${formatCount(counts[state])} ${word}`;
  const partial = (state === "skipped" || state === "unsupported") && counts.pass > 0;
  return partial
    ? `${stateWords.pass.symbol} ${formatCount(counts.pass)}, ${worst}`
    : `${symbol} ${worst}`;
}

/** All that a cell holds, worst first: "1 failed, 39 passed". */
export function cellDetail({ counts }: Cell): string {
  const states = Object.keys(stateWords).filter(isCellState);
  const parts = states.filter((state) => counts[state] > 0);
  return parts.map((state) => `${formatCount(counts[state])} ${stateWords[state].word}`).join(", ");
}

function isCellState(name: string): name is CellState {
  return Object.hasOwn(stateWords, name);
}
