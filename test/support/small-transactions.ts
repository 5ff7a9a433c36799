import type { Checker } from "../../checkers/checker.ts";
import type { HistoryEvent, Json } from "../../checkers/history/operation.ts";
import { buildHistory, textOfEvents } from "./build-history.ts";
import {
  type Ending,
  eventsOfTransactions,
  everyReading,
  type MicroOperation,
  type MicroShape,
  transactionShapes,
} from "./every-transaction.ts";
import type { FindingTally } from "./finding-tally.ts";
import { isSerializable, isSnapshotIsolated, type OracleOrder } from "./isolation.oracle.ts";

const both = transactionShapes(["x", "y"]);
const single = transactionShapes(["x"]);
const alone = both.filter(({ length }) => length === 1);
const writers = both.filter((shape) => shape.every(([f]) => f === "w"));
const writesTwice = writers.filter(([one, two]) => two !== undefined && (one![1] === "x" || two[1] === "x"));
const readsBoth: readonly MicroShape[] = [
  ["r", "x"],
  ["r", "y"],
];
const write = (key: string): readonly MicroShape[] => [["w", key]];

/** Choices for one transaction after the other, and how the first of them may end. */
const plans: readonly (readonly [
  choices: readonly (readonly (readonly MicroShape[])[])[],
  ends: readonly Ending[],
])[] = [
  [[both, both], ["ok"]],
  [
    [both, alone],
    ["fail", "info"],
  ],
  [
    [writers, writesTwice, [readsBoth]],
    ["ok", "info"],
  ],
  [
    [
      single.filter((shape) => shape[0]![0] === "w"),
      [
        [
          ["r", "x"],
          ["w", "x"],
        ],
      ],
      [[["r", "x"]]],
    ],
    ["ok", "fail"],
  ],
  [[[write("x")], [write("y")], [readsBoth], [readsBoth]], ["ok"]],
];

/**
 * Every history of a few short transactions, one after the other: any two on two keys; two that write, and a reader of
 * both keys; writers, an update and a reader of one key; two writers of one key each, and two readers of both.
 */
export function* everySmallTransactions(
  name: "append" | "w",
  readable: (written: readonly number[], key: string) => readonly Json[],
): Generator<HistoryEvent[], void, undefined> {
  for (const [choices, ends] of plans) {
    for (const shapes of product(choices)) {
      // What begins with the second key is there with the first, too.
      if (shapes[0]![0]![1] !== "x") continue;
      for (const ending of ends) {
        if (ending !== "ok" && shapes[0]!.every(([f]) => f === "r")) continue;
        const endings = shapes.map((_, at) => (at === 0 ? ending : "ok"));
        for (const all of everyReading(shapes, name, readable))
          yield eventsOfTransactions(all, [0, 1, 0, 2], endings);
      }
    }
  }
}

function* product<Item>(choices: readonly (readonly Item[])[]): Generator<Item[], void, undefined> {
  const [first, ...rest] = choices;
  if (first === undefined) yield [];
  else for (const item of first) for (const others of product(rest)) yield [item, ...others];
}

/** A level that brute force decides, and the order that it asks for. */
type DecidedLevel = readonly [level: string, order: OracleOrder, holds: typeof isSerializable];

/** The levels that brute force decides, each with the order that it asks for. */
export const decidedLevels: readonly DecidedLevel[] = [
  ["serializable", "none", isSerializable],
  ["strong-session-serializable", "session", isSerializable],
  ["strict-serializable", "real-time", isSerializable],
  ["snapshot-isolation", "none", isSnapshotIsolated],
  ["strong-session-snapshot-isolation", "session", isSnapshotIsolated],
  ["strong-snapshot-isolation", "real-time", isSnapshotIsolated],
];

/**
 * Compares what a checker of each of {@link decidedLevels} says with brute force, and counts it. `explained` is the history
 * as brute force reads it. Throws an Error with the history where they differ.
 */
export function compareLevels(
  events: readonly HistoryEvent[],
  explained: readonly HistoryEvent[],
  checkers: readonly Checker[],
  tally: FindingTally,
): void {
  const history = buildHistory(events);
  const isOneEach =
    new Set(events.map((event) => "client" in event && event.client)).size === events.length / 2;
  const broken = new Set<typeof isSerializable>();
  for (const [at, [level, order, holds]] of decidedLevels.entries()) {
    // Sessions of one transaction each ask for nothing; what is broken without an order is broken with every one.
    if (order !== "none" && (broken.has(holds) || (isOneEach && order === "session"))) continue;
    const result = checkers[at]!.check(history);
    const isRight = holds(explained, order);
    if (order === "none" && !isRight) broken.add(holds);
    tally.count(result);
    if ((result.verdict === "invalid") !== isRight) continue;
    throw new Error(`${level}: ${isRight}, but ${JSON.stringify(result)}\n${textOfEvents(events)}`);
  }
}

/** What committed transactions read that no order explains: of values by themselves, by type. */
export function plainAnomalies(events: readonly HistoryEvent[]): string[] {
  const operations = (type: string): MicroOperation[] =>
    events.flatMap((event) =>
      event.type === type && "value" in event ? (event.value as unknown as MicroOperation[]) : [],
    );
  const values = (read: Json): Json[] => (read === null ? [] : Array.isArray(read) ? [...read] : [read]);
  const reads = operations("ok").flatMap(([f, , value]) => (f === "r" ? [values(value)] : []));
  const asked = operations("invoke").flatMap(([f, , value]) => (f === "r" ? [] : [value]));
  const refused = operations("fail").flatMap(([f, , value]) => (f === "r" ? [] : [value]));
  const found = [
    reads.flat().some((value) => refused.includes(value)) ? ["G1a"] : [],
    reads.flat().some((value) => !asked.includes(value)) ? ["garbage-read"] : [],
    reads.some((list) => new Set(list).size < list.length) ? ["duplicate-elements"] : [],
  ];
  return found.flat();
}
