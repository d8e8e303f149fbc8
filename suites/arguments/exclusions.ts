/** What the fuzzer of arguments does not compare, and why: each entry is a decision. */
import type { Exclusion } from "../../harness/fuzz/target.ts";

/** Those without a pattern are kept by the guards (guards.ts), call by call. */
export const argumentsExclusions: readonly Exclusion[] = [
  {
    what: "memory that ran out, C calls that nest too deep, sizes near that of the memory",
    why:
      "the core has 2 MiB, a size_t of 32 bits, 150 levels of C calls in ReleaseFast: where all " +
      "sides end at a limit they are the same, whatever it is called",
    differsBy: /\(limit\)|not enough memory/,
  },
  {
    what: "an iterator of gmatch that is called again after an error",
    why: "stock 5.4.8 has no limit of depth then, and may overflow C's stack; ours has",
    differsBy: /pattern too complex/,
  },
  {
    what: "strings between the sizes of the two memories, counts of that many results",
    why: "the twin has 256 MiB: it would answer what the core has no room for; skipped",
  },
  {
    what: "loops of C over 10,000 indices, and matches that try as many ways: move, sort, gsub, …",
    why: "they end on no side in time, with any arguments; skipped",
  },
  {
    what: "external tables, what the core refuses (os.exit, io.open, require, …), the registry",
    why: "stock Lua has no such tables, and a system: only called on cores, which must not trap",
  },
  {
    what: "C functions' upvalues and locals, and metatables and values of the library's userdata",
    why: "with them debug makes any Lua read memory that is not there: only tried on cores",
  },
  {
    what: "what is no variable, read by debug.getlocal or set by debug.setlocal",
    why: "a core tells its name alone, and refuses to set it, for a script could misuse it",
    differsBy: /debug\.[gs]etlocal\S* ?(?:"\((?:C |for |temp)|raises .*what is no variable)/,
  },
  {
    what: "formats of the sizes l, L, T and s, reads and seeks beyond 32 bits",
    why: "long, size_t and off_t have 32 bits in wasm: only called on cores",
  },
  {
    what: "bytecode, and modes of load without t",
    why: "a core loads text alone by default; whether it refused is compared, not the words",
  },
  {
    what: "how a file failed, and which",
    why: "the core has no files but three; which function of C set errno last is the libc's",
  },
  {
    what: "addresses, and strings cut or padded that show one; the sign of a NaN",
    why: "addresses have other widths, and no standard fixes the sign; masked",
  },
  {
    what: "the order of keys that are strings or objects",
    why: "it depends on a seed and on addresses; only tables of other keys are walked",
  },
  {
    what: "steps and counts of the collector, and when it runs by itself",
    why:
      "blocks have other sizes. The core's collector stands anywhere between two calls; the " +
      "twin's, which has the faults of its release, only runs whole cycles",
  },
  {
    what: "digits of transcendental functions and powers beyond the ninth",
    why: "each libc rounds its own way; the suite stdlib measures ours",
  },
  {
    what: "the clock, seeds taken from it, and the limit that setcstacklimit tells of",
    why: "they are the machine's or the variant's; types alone are compared",
  },
];
