/** What the fuzz target of the standard libraries leaves out, and why: nothing else is. */
import type { Exclusion } from "../../harness/fuzz/target.ts";

export const exclusions: readonly Exclusion[] = [
  {
    what: "%p of a table, function, thread, userdata or string",
    why: "it shows an address, and addresses have 32 bits in wasm",
  },
  {
    what: "the sign and the payload of a NaN that arithmetic makes",
    why: "IEEE 754 leaves them open: 0/0 is -nan on x86 and nan elsewhere, with any libc",
  },
  {
    what: "the value of a numeral below 2^-1021",
    why:
      "musl on x86-64 rounds subnormals twice there, to 64 bits and then to fewer, and drops the " +
      "sign of what underflows: stdlib/tiny-numerals compares ours with exact arithmetic",
  },
  {
    what: "signalling NaNs",
    why: "a processor may make them quiet when it moves them; no script can tell but by pack",
  },
  {
    what: "sin, cos, tan, asin, acos, atan, exp, log and powers other than squares",
    why:
      "no two libraries round them alike, and neither is wrong: " +
      "stdlib/functions-within-1-ulp compares ours with exact values",
  },
  {
    what: "os.date of local time without '!', os.time() and os.clock()",
    why: "they depend on the machine's zone and clock; the core's zone is UTC",
  },
  {
    what: "the fields wday and yday of a table that os.time refuses as out of range",
    why: "Lua fills them from a struct tm that neither it nor mktime has set",
  },
];
