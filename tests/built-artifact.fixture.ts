/** A variant as tests have it that need the real core: built, or taken from the cache. */
import type { Artifact } from "../harness/build/artifact.ts";
import { build } from "../harness/build/build.ts";
import { provision } from "../harness/build/provision/provision.ts";
import { variantById } from "../harness/variant/list.ts";
import type { Invocation } from "../scripts/command/invocation.ts";

/** Throws what keeps it from being built. */
export async function builtArtifact(
  id: string,
  { root, environment, signal }: Pick<Invocation, "root" | "environment" | "signal">,
): Promise<Artifact> {
  const tools = await provision({ root, environment, progress: () => undefined, signal });
  const variant = variantById(id);
  if (variant === undefined) throw new TypeError(`no variant ${id}`);
  const result = await build(variant, { root, tools, signal });
  if (!result.ok) throw new TypeError(result.message);
  return result.artifact;
}
