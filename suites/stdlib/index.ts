/** The suite `stdlib`: where Lua's libraries rest on the libc, which here is ours. */
import type { Suite } from "../../harness/suite/suite.ts";
import { dates } from "./dates.ts";
import { debugLibrary } from "./debug-library.ts";
import { formats } from "./formats.ts";
import { functions } from "./functions.ts";
import { numbers } from "./numbers.ts";
import { texts } from "./texts.ts";

export const stdlibSuite: Suite = {
  name: "stdlib",
  cases: [...formats, ...numbers, ...functions, ...dates, ...texts, ...debugLibrary],
  spread: "every-variant",
  entry: import.meta.url,
};
