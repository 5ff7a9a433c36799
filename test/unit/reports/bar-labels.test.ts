import { expect, test } from "vitest";
import { barLabels } from "../../../reports/html/bar-labels.ts";
import { layTimelineOut } from "../../../reports/html/timeline-layout.ts";
import { tellRun } from "../../../reports/model/told-run.ts";
import { lostUpdate } from "./fixtures/lost-update.story.ts";

/** Records at `order`, all at one moment, of which these are the witness. */
function labelsOf(records: number, witness: readonly [number, ...number[]]) {
  const events = Array.from({ length: records }, (_, index) => {
    const rest = { time: 1_000_000, f: "effect", key: "k", node: "order", value: 1, final: true } as const;
    return { type: "record" as const, index, ...rest };
  });
  const anomaly = { type: "double-effect", operations: witness, proof: "p" };
  const checkers = lostUpdate.record.checkers
    .slice(0, 1)
    .map((checker) => ({ ...checker, anomalies: [anomaly] }));
  const told = tellRun({ ...lostUpdate, events, record: { ...lostUpdate.record, checkers } }, 100);
  return [...barLabels(layTimelineOut(told).bars, told).values()];
}

test("badges of records of one moment stand beside each other, and words behind them", () => {
  const labels = labelsOf(4, [0, 2]);
  const badges = labels.flatMap((label) => label.badges);
  expect(badges.map(({ text }) => text)).toEqual(["1", "2"]);
  const [first, second] = badges.map(({ x, width }) => ({ left: x, right: x + width }));
  expect(second?.left).toBeGreaterThan(first?.right ?? Number.POSITIVE_INFINITY);
  const words = labels.filter(({ room }) => room > 0);
  expect(words).toHaveLength(1);
  expect(words[0]?.x).toBeGreaterThan(second?.right ?? Number.POSITIVE_INFINITY);
});

test("without a witness words begin at the bar", () => {
  const [, last] = labelsOf(2, [9]);
  expect(last).toMatchObject({
    badges: [],
    x: layTimelineOut(tellRun({ ...lostUpdate, events: [] }, 1)).x(0),
  });
});
