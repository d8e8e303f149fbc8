/** A page's Content-Security-Policy: what of it the library needs, tried in Chromium. */
import { readFile } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
import { fileURLToPath } from "node:url";
import { type Browser, chromium } from "@playwright/test";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findChromium } from "../harness/report/html/chromium.ts";
import { projectInvocation } from "../scripts/command/invocation.fixture.ts";
import { builtArtifact } from "./built-artifact.fixture.ts";

const stop = new AbortController();
const { path: chromiumPath } = await findChromium(process.env);

const origin = "https://page.test";
/** Paths of the page are those of the project. */
const root = new URL("../", import.meta.url);
const script = `
  import { loadCore } from "./runtime/index.ts";
  export async function answer() {
    try {
      const core = await loadCore(new URL("/core.wasm", location.href));
      return String(core.compute("return load('return 1 + 1')()").values);
    } catch (error) {
      return error.name + " " + error.reason + ": " + error.message;
    }
  }`;

describe.skipIf(chromiumPath === undefined)("a page in Chromium", () => {
  let browser: Browser;
  let wasm: Buffer;
  beforeAll(async () => {
    const invocation = projectInvocation(stop.signal);
    const { wasmPath } = await builtArtifact("freestanding-small-js-opt", invocation);
    wasm = await readFile(wasmPath);
    const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
    browser = await chromium.launch({ executablePath: chromiumPath ?? "", args });
  });
  afterAll(async () => {
    stop.abort();
    await browser?.close();
  });

  async function answerUnder(policy: string): Promise<unknown> {
    const page = await browser.newPage();
    await page.route(`${origin}/**`, async (route) => {
      const { pathname } = new URL(route.request().url());
      if (pathname === "/core.wasm") {
        await route.fulfill({ contentType: "application/wasm", body: wasm });
      } else if (pathname.endsWith(".ts")) {
        const source =
          pathname === "/page.ts"
            ? script
            : await readFile(fileURLToPath(new URL(`.${pathname}`, root)), "utf8");
        await route.fulfill({ contentType: "text/javascript", body: stripTypeScriptTypes(source) });
      } else {
        const headers = { "content-security-policy": policy };
        await route.fulfill({ contentType: "text/html", body: "<!doctype html>", headers });
      }
    });
    await page.goto(`${origin}/`);
    // As a text: the tests' own tools would rewrite an import() in code.
    const found = await page.evaluate('import("/page.ts").then(({ answer }) => answer())');
    await page.close();
    return found;
  }

  test("'wasm-unsafe-eval' is all that the strictest policy has to allow", async () => {
    const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";
    expect(await answerUnder(policy)).toBe("2");
  });

  test("without it the library says what the page's policy lacks", async () => {
    const refused = await answerUnder("default-src 'self'");
    expect(refused).toMatch(/^CoreLoadError not-compiled: .*wasm-unsafe-eval/);
  });
});
