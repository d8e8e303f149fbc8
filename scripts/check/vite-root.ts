/** The project's folder as Vite can read it: by a path without the characters of URLs. */
import { mkdtempSync, rmdirSync, symlinkSync, unlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/**
 * Vite takes `#` and `?` in a path for parts of a URL, and finds no file behind them: a checkout in
 * such a folder is reached through a link, which goes when this process ends.
 */
export function viteRoot(root: string): string {
  if (!/[#?]/.test(root)) return root;
  const link = join(mkdtempSync(join(tmpdir(), "vite-root-")), "project");
  symlinkSync(root, link, "junction");
  process.once("exit", () => {
    unlinkSync(link);
    rmdirSync(dirname(link));
  });
  return link;
}
