/** The part of the page on time: verdicts with their intervals, and other Luas beside ours. */
import {
  formatCount,
  formatDuration,
  formatInterval,
  formatPlural,
  formatRatio,
} from "../format.ts";
import { type Markup, markup } from "../markup.ts";
import type { ReportModel } from "../schema.ts";
import type { Peer, TimedSubject, TimeVerdict, Workload } from "../schema-figures.ts";
import { figure } from "./charts.ts";
import { type RowPoint, type RowTone, rowChart } from "./row-chart.ts";
import { cell, figureCell, rowHead, table } from "./table.ts";

const tones: Readonly<Record<TimeVerdict["verdict"], RowTone>> = {
  ...{ faster: "good", slower: "bad", equal: "even", undecided: "open" },
};

export async function workloadsSection(model: ReportModel): Promise<Markup | undefined> {
  const { workloads } = model;
  if (workloads.length === 0) return undefined;
  const base = workloads[0]?.subjects[0]?.subject ?? "";
  const charts = [
    ...(await forests({ workloads, read: ({ change }) => change, title: "beside what it was" })),
    ...(await forests({
      ...{ workloads, title: `/ ${base}` },
      read: ({ role, comparison }) => (role === "peer" ? undefined : comparison),
    })),
  ];
  return markup`<section id="workloads"><h2>Times</h2>
<p>Measured side by side, round by round, in several processes. A ratio above 1 is slower; the
interval holds it with 95 %. No verdict is given on less than the noise of one wasm under two
names (A/A), nor on what still moved.</p>
<div class="charts">${charts}</div>
${verdictKey()}
<details class="contents"><summary>${formatPlural(workloads.length, "workload")}
<span class="quiet">medians, ratios, verdicts</span></summary>${timesTable(workloads)}</details>
</section>`;
}

/** One chart for each subject that has such a verdict, a row for each workload. */
async function forests({
  workloads,
  read,
  title,
}: {
  readonly workloads: readonly Workload[];
  readonly read: (subject: TimedSubject) => TimeVerdict | undefined;
  readonly title: string;
}): Promise<readonly Markup[]> {
  const bySubject = new Map<string, RowPoint[]>();
  for (const { workload, subjects } of workloads) {
    for (const subject of subjects) {
      const verdict = read(subject);
      if (verdict === undefined) continue;
      const points = bySubject.get(subject.subject) ?? [];
      const { ratio: value, low, high } = verdict;
      const interval = low === undefined || high === undefined ? {} : { low, high };
      points.push({ row: workload, value, ...interval, tone: tones[verdict.verdict] });
      bySubject.set(subject.subject, points);
    }
  }
  return Promise.all(
    [...bySubject].map(async ([subject, points]) => {
      const caption = `Time of ${subject} ${title}, by workload; the table below has the figures.`;
      const svg = await rowChart({ points, line: 1, title });
      return figure({ title: markup`<code>${subject}</code>`, caption, svg });
    }),
  );
}

function verdictKey(): Markup {
  const colors = { good: "faster", bad: "slower", even: "equal", open: "undecided" } as const;
  const names = { good: "good", bad: "bad", even: "ink-soft", open: "notice" } as const;
  const list = (["good", "bad", "even", "open"] as const).map(
    (tone) =>
      markup`<li><span class="dot" style="--color: var(--${names[tone]})"></span>
${colors[tone]}</li>`,
  );
  return markup`<ul class="key">${list}</ul>`;
}

function timesTable(workloads: readonly Workload[]): Markup {
  return table({
    label: "Times",
    columns: [
      ...[{ title: "Workload" }, { title: "Subject" }, { title: "Median", figure: true }],
      ...verdictColumns("To the first"),
      ...verdictColumns("To before"),
      ...[{ title: "Samples", figure: true }, { title: "Engine" }],
    ],
    rows: workloads.flatMap(({ workload, engine, subjects }) =>
      subjects.map((subject, index) => [
        rowHead(index === 0 ? workload : markup`<span class="again">${workload}</span>`),
        cell(markup`<code>${subject.subject}</code>`),
        figureCell(formatDuration(subject.medianMs)),
        ...verdictCells(subject.comparison),
        ...verdictCells(subject.change),
        ...[figureCell(formatCount(subject.samplesCount)), cell(engine)],
      ]),
    ),
  });
}

function verdictColumns(title: string) {
  return [{ title, figure: true }, { title: "95 %", figure: true }, { title: "Verdict" }];
}

function verdictCells(verdict: TimeVerdict | undefined): readonly Markup[] {
  if (verdict === undefined) return [figureCell(""), figureCell(""), cell("")];
  const tone = { faster: "shrank", slower: "bad", equal: "", undecided: "quiet" } as const;
  return [
    figureCell(formatRatio(verdict.ratio)),
    figureCell(formatInterval(verdict)),
    markup`<td class="${tone[verdict.verdict]}" title="${verdictTitle(verdict)}">
${verdictText(verdict)}</td>`,
  ];
}

function verdictText({ verdict, equalWithinPercent }: TimeVerdict): string {
  const isBounded = verdict === "equal" && equalWithinPercent !== undefined;
  return isBounded ? `equal within ${equalWithinPercent.toFixed(1)} %` : verdict;
}

function verdictTitle(verdict: TimeVerdict): string {
  const { against, noisePercent, driftPercent, processesApart, rounds, processes } = verdict;
  return [
    `beside ${against}`,
    `${formatPlural(rounds, "round")} in ${formatPlural(processes, "process")}`.replace(
      /processs$/,
      "processes",
    ),
    noisePercent === undefined ? "noise unknown" : `noise ${noisePercent.toFixed(2)} %`,
    ...(driftPercent === undefined ? [] : [`the ratio moved by ${driftPercent.toFixed(1)} %`]),
    ...(processesApart === undefined ? [] : [`processes far from all others: ${processesApart}`]),
  ].join("; ");
}

/** How many times as fast ours are, one row for each pair, and by workload. */
export async function peersSection({ peers }: ReportModel): Promise<Markup | undefined> {
  if (peers.length === 0) return undefined;
  const points = peers.map(({ peer, core, geometricMean: { speed, low, high } }) => ({
    row: `${shortName(core)} / ${peer}`,
    value: speed,
    ...(low === undefined || high === undefined ? {} : { low, high }),
    tone: speed >= 1 ? ("good" as const) : ("bad" as const),
  }));
  const title = "Speed beside other Luas";
  const svg = await rowChart({ points, line: 1, title: "times as fast" });
  const caption = `${title}: geometric means; the table below has the figures.`;
  return markup`<section id="peers"><h2>Beside other Luas</h2>
<p>How many times as fast ours are, in this run, on the same programs with the same checks: the
geometric mean over ${formatPlural(peers[0]?.meanOfCount ?? 0, "workload")}, with its 95 % interval.
Below 1, the other is faster.</p>
<div class="charts">${[figure({ title, caption, svg }), ...(await peerCharts(peers))]}</div>
${peersTable(peers)}
<details class="contents"><summary>By workload</summary>${peersByWorkload(peers)}</details>
</section>`;
}

/** By workload, of our first core: the others are in the table. */
async function peerCharts(peers: readonly Peer[]): Promise<readonly Markup[]> {
  const first = peers[0]?.core;
  return Promise.all(
    peers
      .filter(({ core }) => core === first)
      .map(async ({ peer, core, workloads }) => {
        const points = workloads.map(({ workload, speed, low = speed, high = speed }): RowPoint => {
          const isOpen = low <= 1 && high >= 1;
          const tone = isOpen ? "open" : speed > 1 ? "good" : "bad";
          return { row: workload, value: speed, low, high, tone };
        });
        const svg = await rowChart({ points, line: 1, title: "times as fast" });
        const caption = `Speed of ${core} beside ${peer}; the table below has the figures.`;
        const title = markup`<code>${shortName(core)} / ${peer}</code>`;
        return figure({ title, caption, svg });
      }),
  );
}

function shortName(core: string): string {
  return core.split("-").slice(1, -1).join("-");
}

function peersTable(peers: readonly Peer[]): Markup {
  return table({
    label: "Speed beside other Luas",
    columns: [
      ...[{ title: "Ours" }, { title: "Beside" }],
      ...["Speed", "95 %", "Workloads", "Least"].map((title) => ({ title, figure: true })),
    ],
    rows: peers.map(({ peer, core, geometricMean, meanOfCount, workloads }) => {
      const least = workloads.toSorted((a, b) => a.speed - b.speed)[0];
      return [
        ...[rowHead(markup`<code>${core}</code>`), cell(peer)],
        figureCell(markup`<strong>${formatRatio(geometricMean.speed)}</strong>`),
        ...[figureCell(formatInterval(geometricMean)), figureCell(formatCount(meanOfCount))],
        figureCell(least === undefined ? "" : `${least.workload} ${formatRatio(least.speed)}`),
      ];
    }),
  });
}

function peersByWorkload(peers: readonly Peer[]): Markup {
  const workloads = [
    ...new Set(peers.flatMap((one) => one.workloads.map(({ workload }) => workload))),
  ];
  return table({
    label: "Speed beside other Luas, by workload",
    columns: [
      { title: "Workload" },
      ...peers.map(({ peer, core }) => ({ title: `${shortName(core)} / ${peer}`, figure: true })),
    ],
    rows: workloads.map((workload) => [
      rowHead(workload),
      ...peers.map((peer) => {
        const found = peer.workloads.find((one) => one.workload === workload);
        if (found === undefined) return figureCell("unsupported", "quiet");
        const interval = formatInterval(found);
        return figureCell(
          markup`<span title="${interval}">${formatRatio(found.speed)}</span>`,
          found.speed < 1 ? "grew" : "",
        );
      }),
    ]),
  });
}
