import { expect, test } from "vitest";
import { type MeasuredForm, refreshFigures } from "../../../.ci/refresh-figures.ts";

const text = [
  "## What all share",
  "",
  "| mechanism | file |",
  "|---|---|",
  "| outbox | `outbox` |",
  "",
  "## `stock`",
  "",
  "| form | shows | runs of 200 | first | smallest |",
  "|---|---|---|---|---|",
  "| textbook | a \\| b | 1 | 2 | 3 operations |",
  "| no-key | `effect-repeated` | 4 | 5 | 6 operations, 2 faults |",
  "",
  "| flaw of the textbook form | shows as | runs of 200 | first |",
  "|---|---|---|---|",
  "| no floor | `negative-amount` | 7 | 8 |",
  "",
  "## `other`",
  "",
  "| form | shows | runs of 200 | first | smallest |",
  "|---|---|---|---|---|",
  "| textbook | `x` | 1 | 2 | 3 operations |",
].join("\n");

const textbook: MeasuredForm = {
  scenario: "stock",
  form: "textbook",
  seeds: 200,
  invalid: 11,
  seedsToFirstAnomaly: 12,
  smallest: { operations: 1, faults: 1 },
  flaws: [{ flaw: "no floor", runs: 10, firstRun: 13 }],
};
const noKey: MeasuredForm = {
  scenario: "stock",
  form: "defect:no-key",
  seeds: 200,
  invalid: 0,
  seedsToFirstAnomaly: null,
  smallest: null,
};

test("figures are written into the rows of their scenario, and nothing else is touched", () => {
  const refreshed = refreshFigures(text, [textbook, noKey]);
  expect(refreshed.unmatched).toEqual([]);
  const before = text.split("\n");
  const changed = refreshed.text.split("\n").filter((line, at) => line !== before[at]);
  expect(changed).toEqual([
    "| textbook | a \\| b | 11 | 12 | 1 operation, 1 fault |",
    "| no-key | `effect-repeated` | 0 | – | – |",
    "| no floor | `negative-amount` | 10 | 13 |",
  ]);
});

test("rows without figures, and figures without a row, are said", () => {
  const unlisted = { ...textbook, flaws: [{ flaw: "no lock", runs: 1, firstRun: 1 }] };
  const refreshed = refreshFigures(text, [unlisted, { ...noKey, form: "defect:no-inbox" }]);
  expect(refreshed.unmatched).toEqual([
    'stock: no figures for the row "no-key"',
    'stock: no figures for the row "no floor"',
    'stock: no row "no lock"',
    'stock: no row "no-inbox"',
  ]);
});
