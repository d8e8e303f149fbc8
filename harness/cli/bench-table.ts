/** What `npm run bench` prints: a table of workloads by subjects, or the same as JSON. */
import type { Measurement } from "../bench/measure.ts";
import { figuresOf, type SubjectFigures } from "../bench/statistics.ts";

export interface BenchResult {
  readonly measurements: readonly Measurement[];
  /** The subject that others are compared with, where it was timed. */
  readonly reference: string;
  /** One wasm under two names. */
  readonly twins: readonly [string, string];
}

export function benchTable({ measurements, reference, twins }: BenchResult): string {
  const subjects = [
    ...new Set([
      reference,
      ...measurements.flatMap((each) => each.subjects.map(({ subject }) => subject)),
    ]),
  ];
  const rows = [["workload", ...subjects], ...measurements.map((each) => row(each, subjects))];
  const widths = rows[0]?.map((_, column) =>
    Math.max(...rows.map((cells) => cells[column]?.length ?? 0)),
  );
  const lines = rows.map((cells) =>
    cells
      .map((cell, column) => {
        const width = widths?.[column] ?? 0;
        return column === 0 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join("  "),
  );
  const notes = ["", ...legend(measurements, reference), noise(measurements, twins)];
  return `${[...lines, ...notes].join("\n")}\n`;

  function row(measurement: Measurement, columns: readonly string[]): string[] {
    const found = figuresOf(measurement, reference);
    return [
      measurement.workload,
      ...columns.map((column) => {
        const figure = found?.figures.find(({ subject }) => subject === column);
        return figure === undefined ? "unsupported" : figureCell(figure);
      }),
    ];
  }
}

function figureCell({ medianMs, speed }: SubjectFigures): string {
  return `${formatMs(medianMs)} ${speed.toFixed(2).padStart(6)} ×`;
}

/** 1234.5 → "1235 ms", 0.0123 → "0.0123 ms": three digits that count. */
export function formatMs(durationMs: number): string {
  if (durationMs >= 100) return `${Math.round(durationMs)} ms`;
  return `${durationMs.toPrecision(3)} ms`;
}

function legend(measurements: readonly Measurement[], reference: string): readonly string[] {
  const unsupported = new Map<string, string[]>();
  for (const { workload, unsupported: missing } of measurements) {
    for (const { subject, reason } of missing) {
      const why = `${subject}: ${reason}`;
      unsupported.set(why, [...(unsupported.get(why) ?? []), workload]);
    }
  }
  return [
    "Median of one execution, and how many times as fast as the reference it was: the median of",
    `the ratios of each round. The reference is ${reference}; where that is unsupported, the first`,
    "subject that is not. Above 1 is faster.",
    ...[...unsupported].map(([why, names]) => `unsupported, ${why} (${names.join(", ")})`),
  ];
}

/** How far the same wasm lies from itself. */
function noise(measurements: readonly Measurement[], [first, twin]: BenchResult["twins"]): string {
  const ratios = measurements.flatMap((measurement) => {
    const of = figuresOf(measurement, first)?.figures.find(({ subject }) => subject === twin);
    return of === undefined ? [] : [of.speed];
  });
  if (ratios.length === 0) return "A/A: not measured.";
  const [least, most] = [Math.min(...ratios), Math.max(...ratios)].map((one) => one.toFixed(3));
  return (
    `A/A: one wasm under two names differed by ratios from ${least} to ${most} over the ` +
    "workloads; a smaller difference is none."
  );
}

export function benchJson({ measurements, reference, twins }: BenchResult): string {
  const workloads = measurements.map((measurement) => {
    const found = figuresOf(measurement, reference);
    return {
      workload: measurement.workload,
      reference: found?.reference,
      subjects: measurement.subjects.map(({ subject, samplesMs }) => {
        const figures = found?.figures.find((each) => each.subject === subject);
        return { subject, medianMs: figures?.medianMs, speed: figures?.speed, samplesMs };
      }),
      unsupported: measurement.unsupported,
    };
  });
  return `${JSON.stringify({ twins, workloads }, null, 2)}\n`;
}
