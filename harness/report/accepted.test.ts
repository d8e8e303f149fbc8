/** Laws of what accepting a baseline tells: every figure that changed, and what was over budget. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { baselineRecords } from "../record/baseline.ts";
import { acceptedText } from "./accepted.ts";
import { readBudgets } from "./budget.ts";
import { fixtureRecords } from "./fixture.ts";
import { reportModel } from "./model.ts";

const budgets = readBudgets(join(import.meta.dirname, "..", "..", "reports", "budgets.json"));
const good = fixtureRecords({ troubled: false });
const baseline = baselineRecords(good);

test("names what grew, by how much, and the limit that it breaks", () => {
  const records = fixtureRecords({ troubled: true });
  const text = acceptedText(reportModel({ records, baseline, budgets }));
  expect(text).toContain("| `freestanding-small-js-opt` | raw | 201,000 | 215,800 | +14,800 |");
  expect(text).toContain("| `freestanding-small-js-opt` | raw | 215,800 | 214,770 |");
  expect(text).toMatch(/geometric mean \| +\| [\d,]+ \|/);
});

test("says so where nothing changed", () => {
  const text = acceptedText(reportModel({ records: good, baseline, budgets }));
  expect(text).toContain("Every size is as it was.");
  expect(text).toContain("Nothing.");
});
