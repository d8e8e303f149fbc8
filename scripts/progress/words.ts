/** How figures and messages are written for a person. */

/** "0.4 s", "12.3 s", "2 min 05 s". */
export function duration(milliseconds: number): string {
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
}

export function firstLine(text: string): string {
  const [line = ""] = text.split("\n", 1);
  return line.length > 160 ? `${line.slice(0, 157)}...` : line;
}
