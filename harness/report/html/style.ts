/** The style sheet of report.html: light and dark, wide and narrow. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --paper: #fafaf8; --card: #ffffff; --ink: #1d2024; --ink-soft: #5a616b; --line: #e2e3df;
  --good: #18703f; --good-wash: #e6f3ea; --bad: #b3261e; --bad-wash: #fbe9e7;
  --notice: #7a5500; --notice-wash: #faf1dc;  --link: #1f5fa8;
  --series-1: #2f6fb3; --series-2: #c46a12; --series-3: #2e8b6f; --series-4: #8a5aa8;
  --series-5: #8b8f97; --series-6: #b8476a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #15171b; --card: #1c1f24; --ink: #e7e8ea; --ink-soft: #a2a9b3; --line: #31353c;
    --good: #6fce97; --good-wash: #16301f; --bad: #ff9b91; --bad-wash: #431d1a;
    --notice: #e9bf63; --notice-wash: #3a2e12; --link: #86b9f2; 
    --series-1: #74aee8; --series-2: #eda35b; --series-3: #6cc7aa; --series-4: #c79be2;
    --series-5: #9aa0a9; --series-6: #ef8fae;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; -webkit-text-size-adjust: 100%; }
body {
  margin: 0 auto; max-width: 1240px; padding: 1.75rem 1.25rem 5rem;
  background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
}
h1 { margin: 0; font-size: 1.35rem; font-weight: 650; letter-spacing: -0.01em; }
h2 { margin: 0 0 0.4rem; font-size: 1.2rem; font-weight: 650; letter-spacing: -0.01em; }
h3 { margin: 1.5rem 0 0.4rem; font-size: 1rem; font-weight: 600; }
p { margin: 0 0 0.8rem; max-width: 75ch; }
a { color: var(--link); }
code, pre {
  font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font-size: 0.86em;
}
.origin, .quiet, .detail, caption, figcaption, dt { color: var(--ink-soft); }
.origin { margin: 0.15rem 0 1.25rem; max-width: none; }
main > section { margin-top: 2.75rem; }
main > section.answers { margin-top: 0; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }

.answers { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 1rem; }
.answer {
  padding: 1rem 1.15rem 0.9rem; background: var(--card);
  border: 1px solid var(--line); border-top: 4px solid var(--tone); border-radius: 8px;
}
.answer.good {
  --tone: var(--good); } .answer.bad { --tone: var(--bad);
  } .answer.notice { --tone: var(--ink-soft);
}
.answer h2 {
  margin: 0; font-size: 0.9rem; font-weight: 500; color: var(--ink-soft); letter-spacing: 0;
}
.headline {
  margin: 0.3rem 0 0.6rem; font-size: 1.15rem; font-weight: 620; line-height: 1.35;
  overflow-wrap: anywhere;
}
.symbol { color: var(--tone); font-weight: 700; }
.big {
  margin: 0; font-size: 1.2rem; font-variant-numeric: tabular-nums; color: var(--tone);
  font-weight: 600;
}
.detail { margin: 0.15rem 0 0; font-size: 0.87rem; }
.links { display: flex; flex-wrap: wrap; gap: 0.2rem 1rem; margin: 0.4rem 0 0; font-size: 0.87rem; }
#filters {
  display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.4rem 1rem; margin: 0 0 0.8rem;
  font-size: 0.87rem;
}
#filters[hidden] { display: none; }
#filters label { color: var(--ink-soft); }
#filters select, #filters button {
  font: inherit; color: var(--ink); background: var(--card); border: 1px solid var(--line);
  border-radius: 5px; padding: 0.15rem 0.35rem;
}
#filters output { color: var(--ink-soft); }
.warning {
  margin-top: 1rem; padding: 0.6rem 0.9rem; max-width: none; border-radius: 6px;
  color: var(--notice); background: var(--notice-wash);
}
nav ul {
  display: flex; flex-wrap: wrap; gap: 0.25rem 1.1rem; margin: 1.4rem 0 0; padding: 0 0 0.7rem;
  list-style: none; border-bottom: 1px solid var(--line);
}

.problem {
  margin: 1rem 0; padding: 0.9rem 1.1rem; background: var(--card); border: 1px solid var(--line);
  border-radius: 8px;
}
.problem h3 { margin: 0 0 0.5rem; font-weight: 550; overflow-wrap: anywhere; }
.problem p { margin-bottom: 0.5rem; overflow-wrap: anywhere; }
.state {
  padding: 0.1rem 0.5rem; margin-right: 0.25rem; border-radius: 4px; font-size: 0.85rem;
  font-weight: 600;
}
.state.bad { color: var(--bad); background: var(--bad-wash); }
pre {
  margin: 0 0 0.6rem; padding: 0.65rem 0.8rem; max-height: 24rem; overflow: auto;
  background: var(--paper); border: 1px solid var(--line); border-radius: 6px; line-height: 1.45;
}
.repro span { color: var(--ink-soft); margin-right: 0.4rem; }
.repro code, .commands code { user-select: all; }
.commands { margin: 0.4rem 0 0; padding-left: 1.2rem; overflow-wrap: anywhere; }
summary { cursor: pointer; }

.pair {
  display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 34rem), 1fr));
  gap: 1.5rem 2rem; align-items: start;
}
.pair > * { min-width: 0; }
.pair + .scroll, .charts + .scroll, .scroll + p, .key + .scroll, .scroll + .scroll {
  margin-top: 1rem;
}
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 0.87rem; }
caption { text-align: left; padding: 0 0 0.3rem; font-weight: 600; color: var(--ink); }
th, td {
  padding: 0.24rem 0.55rem; text-align: left; vertical-align: baseline;
  border-bottom: 1px solid var(--line);
}
th { font-weight: 500; }
thead th { color: var(--ink-soft); font-size: 0.82rem; white-space: nowrap; }
tbody th {
  padding-left: 0; white-space: nowrap; position: sticky; left: 0; background: var(--paper);
}
thead th:first-child { padding-left: 0; }
tbody tr:hover > * { background-color: color-mix(in srgb, var(--ink) 5%, var(--paper)); }
.figure { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.figure.grew {
  color: var(--notice); } .figure.shrank { color: var(--good); } td.bad { color: var(--bad);
}
.bar {
  background: linear-gradient(90deg, var(--series-1) var(--share), var(--line) 0) no-repeat;
  background-position: 0.55rem 100%; background-size: calc(100% - 1.1rem) 3px;
}
.prefix, .again, .aside { color: var(--ink-soft); }
.wide .prefix, .wide .aside { display: none; }
abbr { text-decoration: none; }

td.cell {
  white-space: nowrap; font-variant-numeric: tabular-nums; border-left: 3px solid var(--paper);
}
.cell.good { color: var(--good); background: var(--good-wash); }
.cell.bad { color: var(--bad); background: var(--bad-wash); font-weight: 600; }
.cell.notice { color: var(--notice); background: var(--notice-wash); font-weight: 600; }
.cell.quiet { color: var(--ink-soft); background: color-mix(in srgb, var(--ink) 6%, var(--paper)); }
.cell.part {
  color: var(--ink-soft); background: color-mix(in srgb, var(--good-wash) 60%, var(--paper));
}

.charts { display: flex; flex-wrap: wrap; gap: 1rem 1.25rem; margin-top: 1rem; }
.key + details, .key + h3 { margin-top: 1.25rem; }
figure { margin: 0; max-width: 100%; }
figcaption { margin-bottom: 0.25rem; font-size: 0.87rem; font-weight: 600; color: var(--ink); }
figcaption:not(:has(code))::first-letter { text-transform: uppercase; }
figure svg { display: block; max-width: 100%; height: auto; }
figure svg text { font-family: inherit; font-variant-numeric: tabular-nums; }
.key {
  display: flex; flex-wrap: wrap; gap: 0.2rem 1.2rem; margin: 0.6rem 0 0; padding: 0;
  list-style: none; font-size: 0.87rem; color: var(--ink-soft);
}
.dot {
  display: inline-block; width: 0.65em; height: 0.65em; margin-right: 0.4em;
  border: 1.5px solid var(--color, var(--ink-soft)); border-radius: 50%;
  background: var(--color, var(--ink-soft));
}
.dot.hollow { background: none; }
.tick {
  display: inline-block; width: 2px; height: 0.9em; margin-right: 0.45em; background: var(--bad);
  vertical-align: -0.1em;
}

.contents { border-bottom: 1px solid var(--line); padding: 0.25rem 0; font-size: 0.93rem; }
.contents table { margin: 0.5rem 0 1rem; }
.contents summary .quiet { font-size: 0.83rem; overflow-wrap: anywhere; }
.long {
  display: inline-block; max-width: 26rem; overflow: hidden; text-overflow: ellipsis;
  vertical-align: bottom;
}
dl {
  display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr));
  gap: 0.8rem 1.5rem; margin: 0.6rem 0 0;
}
dt { font-size: 0.83rem; } dd { margin: 0; overflow-wrap: anywhere; }

@media (max-width: 1000px) { .answers { grid-template-columns: 1fr; } }
@media (max-width: 700px) {
  body { padding: 1.1rem 1rem 3rem; }
  .answers { gap: 0.7rem; }
  .answer { padding: 0.75rem 0.95rem; }
  .headline { font-size: 1.05rem; margin-bottom: 0.35rem; }
  .prefix { display: none; }
  th, td { padding: 0.24rem 0.4rem; }
  .long { max-width: 14rem; }
}
@media print { nav { display: none; } .scroll { overflow: visible; } }
`;
