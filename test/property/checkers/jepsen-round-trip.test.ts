import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Checker } from "../../../checkers/checker.ts";
import { exportJepsen, exportLosses } from "../../../checkers/formats/jepsen-export.ts";
import type { History } from "../../../checkers/history/history.ts";
import type { HistoryEvent, Json } from "../../../checkers/history/operation.ts";
import {
  durability,
  linearizability,
  listAppend,
  readYourWrites,
  rwRegister,
} from "../../../checkers/index.ts";
import { buildHistory } from "../../support/build-history.ts";
import { ChoiceTape, choices } from "../../support/choice-tape.ts";
import { historyIn } from "../../support/read-format.ts";
import { simulateRegister } from "../../support/simulated-register.ts";
import { simulateTransactions } from "../../support/simulated-transactions.ts";

function roundTrip(history: History, syntax: "json" | "edn"): History {
  const text = [...exportJepsen(history, syntax)].join("");
  return historyIn(`jepsen-${syntax}`, text, { keyed: exportLosses(history).isKeyed });
}

/** What is said of a history, but for measures of memory and the like. */
function said(checker: Checker, history: History): unknown {
  const { verdict, anomalies } = checker.check(history);
  return { verdict, anomalies: anomalies.map(({ type, operations }) => ({ type, operations })) };
}

function expectSame(events: readonly HistoryEvent[], checkers: readonly Checker[]): void {
  const history = buildHistory([...events]);
  for (const syntax of ["json", "edn"] as const) {
    const back = roundTrip(history, syntax);
    for (const checker of checkers) expect(said(checker, back)).toEqual(said(checker, history));
  }
}

/** Answers that say nothing: of writes, and of transactions that read nothing. */
function withoutAnswers(events: readonly HistoryEvent[]): HistoryEvent[] {
  return events.map((event) => {
    if (event.type !== "ok") return event;
    const reads =
      Array.isArray(event.value) && (event.value as Json[][]).some((operation) => operation[0] === "r");
    const { value: _value, ...others } = event;
    return event.f === "read" || reads ? event : others;
  });
}

/** One history of registers that are used at the same time, each by processes of its own. */
function sideBySide(registers: readonly HistoryEvent[][]): HistoryEvent[] {
  const rounds = Math.max(...registers.map(({ length }) => length));
  const merged = Array.from({ length: rounds }, (_, round) =>
    registers.flatMap((events, register) => {
      const event = events[round];
      if (event === undefined || !("process" in event)) return [];
      const process = (event.process as number) * registers.length + register;
      return [{ ...event, process, client: process, key: `k${register}` } as HistoryEvent];
    }),
  ).flat();
  return merged.map((event, index) => ({ ...event, index, time: index }));
}

const runs = { numRuns: 60 };

describe("an exported history has the verdict of the history:", () => {
  test.each(["list", "register"] as const)(
    "transactions on a %s, whether answers repeat what was asked or not",
    (kind) => {
      const verdicts = new Set<string>();
      const checker = kind === "list" ? listAppend() : rwRegister();
      fc.assert(
        fc.property(choices(200), fc.boolean(), (tape, isSilent) => {
          const events = simulateTransactions(new ChoiceTape(tape), {
            ...{ level: "read-committed", kind, clients: 3, transactions: 8, keys: 2, length: 3 },
            ...{ unknownEvery: 5, readsAll: true },
          });
          const given = isSilent ? withoutAnswers(events) : events;
          expectSame(given, [checker]);
          verdicts.add(checker.check(buildHistory([...given])).verdict);
        }),
        runs,
      );
      expect(verdicts.size).toBeGreaterThan(1);
    },
  );

  test.each([1, 3])("registers, %d of them", (keys) => {
    const checkers = [linearizability({ model: "cas-register" }), readYourWrites(), durability()];
    const verdicts = new Set<string>();
    fc.assert(
      fc.property(fc.array(choices(100), { minLength: keys, maxLength: keys }), (tapes) => {
        const events = sideBySide(
          tapes.map((tape) =>
            simulateRegister(new ChoiceTape(tape), {
              ...{ clients: 3, bugEvery: 12, isUnique: true, hasDeletes: false, finalReads: 1 },
            }),
          ),
        );
        expectSame(withoutAnswers(events), checkers);
        verdicts.add(checkers[0]!.check(buildHistory(events)).verdict);
      }),
      runs,
    );
    expect(verdicts).toEqual(new Set(["valid", "invalid"]));
  });
});

test("an answer that says nothing is exported with what was asked for, unless it would tell what was read", () => {
  const call = (index: number, f: string, value: Json) => [
    { index, time: index, process: 1, type: "invoke" as const, f, value },
    { index: index + 1, time: index, process: 1, type: "ok" as const, f },
  ];
  const reads = [["r", 1, null]];
  const blind = [["append", 1, 2]];
  const history = buildHistory([
    ...call(0, "write", 7),
    ...call(2, "read", "filter"),
    ...call(4, "txn", reads),
    ...call(6, "txn", blind),
  ]);
  const maps = JSON.parse([...exportJepsen(history, "json")].join("")) as { value?: Json }[];
  expect(maps.map(({ value }) => value)).toEqual([7, 7, "filter", undefined, reads, undefined, blind, blind]);
});
