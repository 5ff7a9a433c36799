import type { HistoryEvent, Json } from "../../checkers/history/operation.ts";
import {
  type Ending,
  eventsOfTransactions,
  everyReading,
  type MicroOperation,
  type MicroShape,
  transactionShapes,
} from "./every-transaction.ts";
import { isSerializable, isSnapshotIsolated, type OracleOrder } from "./isolation.oracle.ts";

const both = transactionShapes(["x", "y"]);
const single = transactionShapes(["x"]);
const alone = both.filter(({ length }) => length === 1);
const writers = both.filter((shape) => shape.every(([f]) => f === "w"));
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
    [writers, writers.filter(({ length }) => length === 2), [readsBoth]],
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
