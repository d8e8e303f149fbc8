/** The section on where and how the run was made. */
import { formatDuration, formatPlural, formatTime } from "../format.ts";
import type { ReportModel } from "../schema.ts";
import type { Section } from "../section/section.ts";

export function environmentSection({ run, baseline, time }: ReportModel): Section {
  const { os, arch, cpu, cores, memoryBytes, node } = run.fingerprint;
  const memoryGib = Math.round(memoryBytes / 2 ** 30);
  const { finishedAt, state } = run;
  return {
    id: "environment",
    title: "Environment",
    parts: [
      {
        kind: "facts",
        facts: [
          ["Command", run.command],
          ["Seed", String(run.seed)],
          ["Started", formatTime(run.startedAt)],
          ["Ended", finishedAt === undefined ? state : `${formatTime(finishedAt)}, ${state}`],
          ["Wall time", time.wallMs === undefined ? "unknown" : formatDuration(time.wallMs)],
          ["Machine", `${os} ${arch}, ${cpu}, ${formatPlural(cores, "core")}, ${memoryGib} GiB`],
          ["Harness", `Node ${node}`],
          ...run.engines.map(
            ({ name, version }) => [`Engine ${name}`, version ?? "no outcome"] as const,
          ),
          ...Object.entries(run.tools),
          ...baseline.map(({ startedAt, revision }) => {
            const of = revision === undefined ? "" : `, revision ${revision}`;
            return ["Baseline", `${formatTime(startedAt)}${of}`] as const;
          }),
        ],
      },
    ],
  };
}
