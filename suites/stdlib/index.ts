/** The suite `stdlib`: where Lua's libraries rest on the libc, or are mended, by us. */
import type { Suite } from "../../harness/suite/suite.ts";
import { dates } from "./dates.ts";
import { debugLibrary } from "./debug-library.ts";
import { formats } from "./formats.ts";
import { functions } from "./functions.ts";
import { mended } from "./mended.ts";
import { numbers } from "./numbers.ts";
import { texts } from "./texts.ts";

export const stdlibSuite: Suite = {
  name: "stdlib",
  cases: [...formats, ...numbers, ...functions, ...dates, ...texts, ...debugLibrary, ...mended],
  spread: "every-variant",
  entry: import.meta.url,
};
