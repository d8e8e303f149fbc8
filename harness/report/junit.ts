/** junit.xml: one test suite per cell, in the form that CI services read. */

import { assertNever } from "../../runtime/check/assert-never.ts";
import { type Markup, markup } from "./markup.ts";
import type { Cell, Failure, ReportModel, ReportOutcome } from "./schema.ts";

/** What a suite, and the whole document, says of itself. */
interface Totals {
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
  readonly skipped: number;
  readonly durationMs: number;
}

/**
 * The JUnit format as Jenkins' and GitLab's readers know it: fail is a failure; crash, timeout and
 * a missing outcome are errors; what gave no verdict is skipped with its reason. A failed build,
 * whose cases are unknown or missing, is a suite of its own.
 */
export function renderJunit(model: ReportModel): string {
  const byCell = Map.groupBy(model.outcomes, cellKey);
  const builds = model.failures.filter((failure) => failure.state === "build");
  const cells = model.cells.map((cell) =>
    cellSuite({ model, cell, outcomes: byCell.get(cellKey(cell)) ?? [] }),
  );
  const durationMs = model.time.wallMs ?? model.time.casesMs;
  const ofCases = totalsOf({ outcomes: model.outcomes, durationMs });
  const totals: Totals = {
    ...ofCases,
    tests: ofCases.tests + builds.length,
    errors: ofCases.errors + builds.length,
  };
  const document = markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="lua-persistent-wasm" ${attributes(totals)}>
${builds.map((failure) => buildSuite({ model, failure }))}${cells}</testsuites>
`;
  return document.text;
}

function cellSuite({
  model,
  cell,
  outcomes,
}: {
  readonly model: ReportModel;
  readonly cell: Cell;
  readonly outcomes: readonly ReportOutcome[];
}): Markup {
  const { variant, engine, suite, durationMs } = cell;
  const axes = model.variants.find((one) => one.variant === variant)?.axes ?? {};
  const engineVersion = model.run.engines.find(({ name }) => name === engine)?.version ?? "";
  return testSuite({
    model,
    name: `${variant} · ${engine} · ${suite}`,
    totals: totalsOf({ outcomes, durationMs }),
    properties: { variant, engine, engineVersion, ...axes },
    cases: outcomes.map((outcome) =>
      testCase({
        className: `${variant}.${engine}.${suite}`,
        name: outcome.case,
        durationMs: outcome.durationMs ?? 0,
        verdict: verdictOf(outcome),
      }),
    ),
  });
}

function buildSuite({
  model,
  failure: { variant, message, repro },
}: {
  readonly model: ReportModel;
  readonly failure: Failure;
}): Markup {
  const text = `${message}\nRepeat: ${repro}`;
  const verdict = markup`<error type="build" message="${firstLine(message)}">${text}</error>`;
  return testSuite({
    model,
    name: `${variant} · build`,
    totals: { tests: 1, failures: 0, errors: 1, skipped: 0, durationMs: 0 },
    properties: { variant },
    cases: [testCase({ className: `${variant}.build`, name: "build", durationMs: 0, verdict })],
  });
}

function testSuite({
  model,
  name,
  totals,
  properties,
  cases,
}: {
  readonly model: ReportModel;
  readonly name: string;
  readonly totals: Totals;
  readonly properties: Readonly<Record<string, string>>;
  readonly cases: readonly Markup[];
}): Markup {
  const timestamp = model.run.startedAt.slice(0, "2026-08-01T10:20:30".length);
  const list = Object.entries(properties).map(
    ([property, value]) => markup`<property name="${property}" value="${value}"/>`,
  );
  return markup`<testsuite name="${name}" timestamp="${timestamp}" ${attributes(totals)}>
<properties>${list}</properties>
${cases}</testsuite>
`;
}

function testCase({
  className,
  name,
  durationMs,
  verdict,
}: {
  readonly className: string;
  readonly name: string;
  readonly durationMs: number;
  readonly verdict: Markup | undefined;
}): Markup {
  const place = markup`classname="${className}" name="${name}"`;
  return markup`<testcase ${place} time="${seconds(durationMs)}">${verdict}</testcase>
`;
}

function verdictOf({ state, message = "", title, repro }: ReportOutcome): Markup | undefined {
  const text = [title, message, ...(repro === undefined ? [] : [`Repeat: ${repro}`])].join("\n");
  switch (state) {
    case "pass":
      return undefined;
    case "fail":
      return markup`<failure type="fail" message="${firstLine(message)}">${text}</failure>`;
    case "crash":
    case "timeout":
    case "missing":
      return markup`<error type="${state}" message="${firstLine(message)}">${text}</error>`;
    case "not-run":
    case "unsupported":
    case "skipped":
      return markup`<skipped message="${`${state}: ${message}`}"/>`;
    default:
      return assertNever(state);
  }
}

function totalsOf({
  outcomes,
  durationMs,
}: {
  readonly outcomes: readonly ReportOutcome[];
  readonly durationMs: number;
}): Totals {
  const count = (...states: readonly ReportOutcome["state"][]) =>
    outcomes.filter((outcome) => states.includes(outcome.state)).length;
  return {
    tests: outcomes.length,
    failures: count("fail"),
    errors: count("crash", "timeout", "missing"),
    skipped: count("not-run", "unsupported", "skipped"),
    durationMs,
  };
}

function attributes({ tests, failures, errors, skipped, durationMs }: Totals): Markup {
  const counts = markup`tests="${tests}" failures="${failures}" errors="${errors}"`;
  return markup`${counts} skipped="${skipped}" time="${seconds(durationMs)}"`;
}

function cellKey({ variant, engine, suite }: Pick<Cell, "variant" | "engine" | "suite">): string {
  return JSON.stringify([variant, engine, suite]);
}

function firstLine(text: string): string {
  return text.split("\n")[0] ?? "";
}

function seconds(durationMs: number): string {
  return (durationMs / 1000).toFixed(3);
}
