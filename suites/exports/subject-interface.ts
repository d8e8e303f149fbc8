/** By which axes the wasm is judged: its variant's, or for a given file its manifest's. */

import type { CaseContext } from "../../harness/suite/case.ts";
import type { Interface } from "../../runtime/abi/abi.ts";

export async function interfaceOf({ subject, load }: CaseContext): Promise<Interface> {
  return subject.axes ?? (await load()).manifest;
}
