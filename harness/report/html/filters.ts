/** The filters of the matrix: by axis, suite and state; without script, all of it stands there. */
import { createHash } from "node:crypto";
import { type Markup, markup, trusted } from "../markup.ts";
import type { ReportModel } from "../schema.ts";
import { stateWords } from "../words.ts";

/**
 * Plain JavaScript of every browser of today. A row names its axes, a cell its suite and state;
 * what a filter leaves out is hidden, and the status says how much is left.
 */
export const filterScript = `
(() => {
  const form = document.getElementById("filters");
  if (form === null) return;
  const status = document.getElementById("filter-status");
  const rows = [...document.querySelectorAll("#cells tbody tr")];
  const apply = () => {
    const chosen = Object.fromEntries(new FormData(form));
    let shown = 0;
    for (const row of rows) {
      const axes = Object.keys(row.dataset).filter((name) => name in chosen);
      const fits = axes.every((name) => !chosen[name] || row.dataset[name] === chosen[name]);
      const cells = [...row.querySelectorAll("td[data-state]")];
      const wanted = cells.filter((cell) => !chosen.suite || cell.dataset.suite === chosen.suite);
      const some = !chosen.state || wanted.some((cell) => cell.dataset.state === chosen.state);
      row.hidden = !(fits && some);
      if (!row.hidden) shown += 1;
    }
    for (const cell of document.querySelectorAll("#cells [data-suite]")) {
      cell.hidden = Boolean(chosen.suite) && cell.dataset.suite !== chosen.suite;
    }
    for (const table of document.querySelectorAll("#cells .scroll")) {
      table.hidden = [...table.querySelectorAll("tbody tr")].every((row) => row.hidden);
    }
    status.textContent = shown + " of " + rows.length + " variants";
  };
  form.hidden = false;
  form.addEventListener("input", apply);
  form.addEventListener("reset", () => setTimeout(apply));
  form.addEventListener("submit", (event) => event.preventDefault());
  apply();
})();
`;

/** What the page's policy lets run: this script and no other. */
export function filterScriptHash(): string {
  return `sha256-${createHash("sha256").update(filterScript).digest("base64")}`;
}

/** Hidden until the script runs. */
export function filterForm({ variants, cells }: ReportModel): Markup {
  const axes = [...new Set(variants.flatMap((variant) => Object.keys(variant.axes)))];
  const choices = [
    ...axes.map((axis) => ({
      name: axisName(axis),
      label: axis,
      values: [...new Set(variants.flatMap((variant) => variant.axes[axis] ?? []))],
    })),
    { name: "suite", label: "suite", values: [...new Set(cells.map(({ suite }) => suite))] },
    { name: "state", label: "state", values: [...new Set(cells.map(({ state }) => state))] },
  ].filter(({ values }) => values.length > 1);
  const selects = choices.map(({ name, label, values }) => {
    const options = values.map(
      (value) => markup`<option value="${value}">${wordOf(name, value)}</option>`,
    );
    return markup`<label>${label}
<select name="${name}"><option value="">all</option>${options}</select></label>
`;
  });
  return markup`<form id="filters" aria-label="Filter the cells" hidden>${selects}
<button type="reset">Show all</button> <output id="filter-status" role="status"></output></form>`;
}

/** Axes and the two fixed filters share a form, so an axis has a name of its own. */
function axisName(axis: string): string {
  return `axis${axis.charAt(0).toUpperCase()}${axis.slice(1)}`;
}

/** The attributes by which the script finds a variant's row. */
export function axisAttributes(axes: Readonly<Record<string, string>>): Markup {
  const known = Object.entries(axes).filter(([axis]) => /^[a-z]+$/.test(axis));
  return markup`${known.map(([axis, value]) => markup` data-axis-${trusted(axis)}="${value}"`)}`;
}

function wordOf(name: string, value: string): string {
  const states: Readonly<Record<string, { readonly word: string }>> = stateWords;
  return name === "state" ? (states[value]?.word ?? value) : value;
}
