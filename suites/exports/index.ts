/** The suite `exports`: what the wasm is at its boundary, read from its bytes. */
import type { Suite } from "../../harness/suite/suite.ts";
import { boundary } from "./boundary.ts";
import { manifest } from "./manifest.ts";
import { memoryMap } from "./memory-map.ts";

export const exportsSuite: Suite = {
  name: "exports",
  cases: [...boundary, ...memoryMap, ...manifest],
  spread: "every-variant",
  entry: import.meta.url,
};
