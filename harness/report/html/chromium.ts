/** Where the Chromium is that opens the report in tests: asked for, on PATH, or Playwright's. */
import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";

export const chromiumRemedy =
  "install chromium or google-chrome, or name one: CHROMIUM_PATH=/path/to/chromium";

const programs = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

export type FoundChromium =
  | { readonly path: string }
  /** None is there, and what mends it. */
  | { readonly path?: never; readonly missing: string };

/** `$CHROMIUM_PATH` is an order, and never passed over for another. */
export async function findChromium(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<FoundChromium> {
  const { CHROMIUM_PATH: ordered, PATH: searched = "" } = environment;
  if (ordered !== undefined && ordered !== "") {
    if (await runs(ordered)) return { path: ordered };
    return { missing: `CHROMIUM_PATH names ${ordered}, which is no program; ${chromiumRemedy}` };
  }
  const folders = searched.split(delimiter).filter((folder) => folder !== "");
  for (const path of programs.flatMap((name) => folders.map((folder) => join(folder, name)))) {
    if (await runs(path)) return { path };
  }
  const own = await playwrightsOwn();
  return own === undefined ? { missing: chromiumRemedy } : { path: own };
}

/** Loads Playwright only where it is needed: that takes a while, and it may not be installed. */
async function playwrightsOwn(): Promise<string | undefined> {
  const playwright = await import("@playwright/test").catch(() => undefined);
  const path = playwright?.chromium.executablePath();
  return path !== undefined && (await runs(path)) ? path : undefined;
}

async function runs(path: string): Promise<boolean> {
  return await access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
