/** Which peers are there on this machine: what `peerSubjects` is told. */
import type { PeerFacts } from "../../harness/bench/peers/peers.ts";
import { BuildStepError } from "../../harness/build/build-context.ts";
import type { Tools } from "../../harness/build/provision/provision.ts";
import { buildPeer } from "../../harness/native/build-peer.ts";
import type { Invocation } from "../command/invocation.ts";
import { linesTo } from "../command/lines.ts";
import { packageVersion } from "../command/machine.ts";

/** Builds the native peer, if need be. What is missing is a fact too, with its remedy. */
export async function peerFacts(
  { root, signal, stderr }: Invocation,
  tools: Tools,
): Promise<PeerFacts> {
  const [wasmoon, fengari] = await Promise.all(
    ["wasmoon", "fengari"].map((name) => packageVersion({ root, name })),
  );
  const native = await nativePeer({ root, signal, stderr }, tools);
  return {
    ...(wasmoon === undefined ? {} : { wasmoon }),
    ...(fengari === undefined ? {} : { fengari }),
    native,
  };
}

async function nativePeer(
  { root, signal, stderr }: Pick<Invocation, "root" | "signal" | "stderr">,
  tools: Tools,
): Promise<NonNullable<PeerFacts["native"]>> {
  const progress = linesTo(stderr);
  try {
    const path = await buildPeer({ root, tools, signal, progress });
    return { path, version: tools.luaVersion };
  } catch (error) {
    if (!(error instanceof BuildStepError)) throw error;
    return { missing: `stock Lua can't be built for this machine: ${error.message}` };
  }
}
