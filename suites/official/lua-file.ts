/** A file of upstream's test suite, as lua/upstream.json names it to the byte. */
import { CheckFailure } from "../../harness/suite/check.ts";
import upstream from "../../lua/upstream.json" with { type: "json" };

const digests: ReadonlyMap<string, string> = new Map(Object.entries(upstream.files));

/** All test files of upstream, by name without ".lua", in alphabetical order. */
export const officialFiles: readonly string[] = [...digests.keys()].flatMap((path) => {
  const name = /^testes\/([a-z0-9]+)\.lua$/.exec(path)?.[1];
  return name === undefined ? [] : [name];
});

/**
 * Reads `testes/<name>.lua`. Throws CheckFailure for other bytes than upstream's, so that an
 * outcome depends on nothing but what the suite imports.
 */
export async function officialFile(
  name: string,
  luaFile: (path: string) => Promise<Uint8Array<ArrayBuffer>>,
): Promise<Uint8Array<ArrayBuffer>> {
  const path = `testes/${name}.lua`;
  const bytes = await luaFile(path);
  const digest = hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
  if (digest === digests.get(path)) return bytes;
  throw new CheckFailure(
    `${path} has the SHA-256 ${digest}, which lua/upstream.json does not name`,
  );
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
