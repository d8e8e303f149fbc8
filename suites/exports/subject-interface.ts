/** By which axes the wasm is judged: its variant's, or for a given file its manifest's. */
import type { Interface } from "../../harness/artifact/abi.ts";
import type { CaseContext } from "../../harness/suite/case.ts";

export async function interfaceOf({ subject, load }: CaseContext): Promise<Interface> {
  return subject.axes ?? (await load()).manifest;
}
