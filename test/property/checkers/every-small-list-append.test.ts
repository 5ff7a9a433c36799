import { expect, test } from "vitest";
import type { Json } from "../../../checkers/history/operation.ts";
import { listAppend } from "../../../checkers/transactions/list-append.checker.ts";
import { buildHistory, textOfEvents } from "../../support/build-history.ts";
import { FindingTally } from "../../support/finding-tally.ts";
import { levelsBrokenByCycles } from "../../support/isolation.oracle.ts";
import {
  compareLevels,
  decidedLevels,
  everySmallTransactions,
  plainAnomalies,
} from "../../support/small-transactions.ts";

/** No element, one, two of those appended, or one twice; of the second key one that nobody appended. */
function readableLists(written: readonly number[], key: string): readonly Json[] {
  if (written.length === 0) return key === "y" ? [[], [99]] : [[]];
  const pairs = written.flatMap((one) => written.flatMap((two) => (one === two ? [] : [[one, two]])));
  const repeated = pairs.length === 0 ? [[written[0]!, written[0]!]] : pairs;
  return [[], ...written.map((one) => [one]), ...repeated];
}

const onlyCycles = /^(G0|G1c|G-single|G-nonadjacent|G2|lost-update)/;
const cycleLevels = ["read-uncommitted", "read-committed", "consistent-view", "strong-read-committed"];

test("list-append says what brute force says of every history of a few short transactions", () => {
  const tally = new FindingTally();
  const checkers = decidedLevels.map(([isolation]) => listAppend({ isolation, maxAnomalies: 1 }));
  const whole = listAppend({ maxAnomalies: 1 });
  const ofCycles = cycleLevels.map((isolation) => listAppend({ isolation, maxAnomalies: 1 }));
  for (const events of everySmallTransactions("append", readableLists)) {
    compareLevels(events, events, checkers, tally);
    const history = buildHistory(events);
    const types = whole.check(history).stats.details!.anomalyTypes as string[];
    const plain = ["G1a", "garbage-read", "duplicate-elements"].filter((type) => types.includes(type));
    const expected = plainAnomalies(events);
    if (plain.join() !== expected.join())
      throw new Error(`expected ${expected}, found ${plain}\n${textOfEvents(events)}`);
    if (types.length === 0 || !types.every((type) => onlyCycles.test(type))) continue;
    const broken = levelsBrokenByCycles(events, "list");
    for (const [at, level] of cycleLevels.entries()) {
      const isInvalid = ofCycles[at]!.check(history).verdict === "invalid";
      if (isInvalid !== broken.has(level)) throw new Error(`${level}: ${isInvalid}\n${textOfEvents(events)}`);
    }
  }
  const types = [
    "G0",
    "G1a",
    "G1b",
    "G1c",
    "G-single-item",
    "G-nonadjacent-item",
    "G2-item",
    "lost-update",
    "internal",
    "future-read",
    "garbage-read",
    "duplicate-elements",
    "incompatible-order",
    "dirty-update",
  ];
  expect(tally.rarerThan(1, ["valid", "invalid", "unknown", ...types])).toEqual([]);
});
