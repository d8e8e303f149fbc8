/** What the language programs do not compare, and why: each entry is a decision. */
import type { Exclusion } from "../../harness/fuzz/target.ts";

export const languageExclusions: readonly Exclusion[] = [
  {
    what: "memory that ran out",
    why: "the core has 2 MiB and the twin has not: a program holds little, but that is not proven",
    occurs: /not enough memory/,
  },
  {
    what: "how deep C calls may nest",
    why: "both stop at LUAI_MAXCCALLS, but the calls below a program differ by a few",
    occurs: /stack overflow|error in error handling/,
  },
  {
    what: "sizes near that of the memory",
    why: "a size_t has 32 bits in wasm: other limits, other errors",
    occurs: /resulting string too large|string length overflow|table overflow/,
  },
  {
    what: "addresses",
    why: "%p and tostring of a reference tell where it lies; what looks like one is masked",
  },
  {
    what: "the sign of a NaN",
    why: "no standard fixes it, and processors differ; masked",
  },
  {
    what: "the order of pairs over a hash part",
    why: "it depends on the seed of string hashes; only sequences are walked by pairs",
  },
  {
    what: "memory counts and steps of the collector",
    why: "pointers have other sizes; only full collections are asked for",
  },
  {
    what: "when the collector runs by itself",
    why: "blocks have other sizes; weak tables and finalizers are looked at after a collection",
  },
  {
    what: "transcendental functions, and powers without an exact result",
    why: "each libc rounds its own way; the suite stdlib measures ours against a reference",
  },
  {
    what: "packing by the native sizes l, L, T and s",
    why: "long and size_t have 32 bits in wasm",
  },
  {
    what: "local time",
    why: "the core has none: it is UTC; os.date is asked with ! alone",
  },
];
