/** Whether golden files are written: where `UPDATE_GOLDEN=1` says so, and never in CI. */

export function goldenUpdate(): "all" | "none" {
  const { CI, UPDATE_GOLDEN } = process.env;
  if (UPDATE_GOLDEN !== "1") return "none";
  if (CI === undefined) return "all";
  throw new Error("goldens are compared in CI, not written: unset UPDATE_GOLDEN");
}
