/** The script of the filters: by axis, suite and state; without it, all cells stand there. */
import { createHash } from "node:crypto";

/**
 * Plain JavaScript of every browser of today. A row names its axes, a cell its suite and state;
 * what a filter leaves out is hidden, and the status says how much is left.
 */
export const filterScript = `
(() => {
  const form = document.getElementById("filters");
  if (form === null) return;
  const status = document.getElementById("filter-status");
  const rows = [...document.querySelectorAll("#cells tbody tr:has(td[data-state])")];
  const tables = new Set(rows.map((row) => row.closest(".scroll")));
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
    for (const table of tables) {
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
