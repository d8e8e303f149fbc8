/** A plan as text: what `--plan` prints. */
import type { ProbedEngine } from "../../harness/run/context.ts";
import type { Plan } from "../../harness/run/plan.ts";

export function planText(plan: Plan, engines: ReadonlyMap<string, ProbedEngine>): string {
  const { subjects, cells } = plan;
  const casesOf = (cells: Plan["cells"]): number =>
    cells.reduce((sum, { cases }) => sum + cases.length, 0);
  const suites = new Map(plan.cells.map(({ suite }) => [suite.name, suite]));
  const lines = [
    `tier      ${plan.tier}`,
    ...[...engines.values()].map(({ engine, probe }) =>
      probe.state === "available"
        ? `engine    ${engine.name} ${probe.version}`
        : `engine    ${engine.name}: unsupported: ${probe.evidence} (mend: ${probe.remedy})`,
    ),
    ...[...suites.values()].map((suite) => {
      const cells = plan.cells.filter((cell) => cell.suite === suite);
      return `suite     ${suite.name}: ${cells.length} cells, ${casesOf(cells)} cases`;
    }),
    ...plan.subjects.map(({ id }) => `variant   ${id}`),
    `in all    ${subjects.length} variants, ${cells.length} cells, ${casesOf(cells)} cases`,
  ];
  return `${lines.join("\n")}\n`;
}
