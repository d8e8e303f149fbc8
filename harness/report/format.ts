/** How reports write figures: the same digits in every format, whatever the machine's locale. */

const integers = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** 187201 → "187,201". */
export function formatCount(count: number): string {
  return integers.format(count);
}

/** 1 → "1 case", 40 → "40 cases". */
export function formatPlural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** 1024 → "+1,024", −7 → "−7" with a minus sign, 0 → "0". */
export function formatChange(change: number): string {
  if (change === 0) return "0";
  return `${change > 0 ? "+" : "−"}${formatCount(Math.abs(change))}`;
}

/** 0.42 → "+0.42 %". Never "0.00 %" for a change that isn't 0. */
export function formatChangePercent(percent: number): string {
  if (percent === 0) return "0 %";
  const sign = percent > 0 ? "+" : "−";
  const size = Math.abs(percent);
  if (size < 0.01) return `${sign}<0.01 %`;
  return `${sign}${size < 10 ? size.toFixed(2) : size.toFixed(1)} %`;
}

/** 0.214 → "0.21 ms", 840 → "840 ms", 12300 → "12.3 s", 184000 → "3 min 04 s". */
export function formatDuration(durationMs: number): string {
  if (durationMs === 0) return "0 ms";
  if (durationMs < 10) return `${durationMs.toFixed(2)} ms`;
  if (durationMs < 1000) return `${Math.round(durationMs)} ms`;
  if (durationMs < 59_950) return `${(durationMs / 1000).toFixed(1)} s`;
  const seconds = Math.round(durationMs / 1000);
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
}

/** 1.5 → "1.50 ×". */
export function formatRatio(ratio: number): string {
  return `${ratio.toFixed(2)} ×`;
}

/** "2026-08-01T10:20:30.123Z" → "2026-08-01 10:20 UTC". */
export function formatTime(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

/** 1.163 → "+16.3 %", 0.5 → "−50.0 %": what a factor adds. */
export function formatFactor(factor: number): string {
  return formatChangePercent(100 * (factor - 1));
}

/** "0.98 – 1.03", or "" without an interval. */
export function formatInterval({
  low,
  high,
}: {
  readonly low?: number | undefined;
  readonly high?: number | undefined;
}): string {
  return low === undefined || high === undefined ? "" : `${low.toFixed(3)} – ${high.toFixed(3)}`;
}
