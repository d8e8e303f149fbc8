/** By which axes the wasm is judged: its variant's, or for a given file its manifest's. */
import type { CaseContext } from "../../harness/suite/case.ts";
import { isTrue } from "../../harness/suite/check.ts";
import { type Interface, interfaceNamed } from "../../runtime/abi/abi.ts";

export async function interfaceOf({ subject, load }: CaseContext): Promise<Interface> {
  if (subject.axes !== undefined) return subject.axes;
  const { manifest } = await load();
  const found = interfaceNamed(manifest);
  isTrue(found !== undefined, `target and unwind of the manifest ${JSON.stringify(manifest)}`);
  return found;
}
