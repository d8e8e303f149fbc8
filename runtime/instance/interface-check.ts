/** Compares what a module exports and imports with the ABI before it is instantiated. */
import { type Extern, exportsOf, type Interface, importsOf } from "../abi/abi.ts";
import { CoreLoadError } from "../check/errors.ts";

/** Throws CoreLoadError, which names every export and import that is missing or extra. */
export function checkInterface(module: WebAssembly.Module): void {
  const exported = WebAssembly.Module.exports(module);
  const imported = WebAssembly.Module.imports(module);
  const axes: Interface = {
    unwind: imported.some(({ name }) => name === "js_try") ? "js" : "eh",
    target: exported.some(({ name }) => name === "_initialize") ? "wasi" : "freestanding",
  };
  const problems = [
    ...differences("export", { expected: exportsOf(axes).map(named), actual: exported.map(named) }),
    ...differences("import", {
      expected: importsOf(axes).map((extern) => `${extern.module}.${named(extern)}`),
      actual: imported.map((extern) => `${extern.module}.${named(extern)}`),
    }),
  ];
  if (problems.length === 0) return;
  throw new CoreLoadError(
    "wrong-interface",
    `the wasm is no core of this version: ${problems.join("; ")}. ` +
      "Use the wasm that was built with this library (npm run build)",
  );
}

function named({ name, kind }: Pick<Extern, "name"> & { readonly kind: string }): string {
  return `${name} (${kind})`;
}

function differences(
  what: string,
  lists: { readonly expected: readonly string[]; readonly actual: readonly string[] },
): string[] {
  const missing = lists.expected.filter((each) => !lists.actual.includes(each));
  const extra = lists.actual.filter((each) => !lists.expected.includes(each));
  return [
    ...missing.map((each) => `${what} ${each} is missing`),
    ...extra.map((each) => `${what} ${each} is not expected`),
  ];
}
