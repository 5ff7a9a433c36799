import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { guessFormat } from "../../../../checkers/formats/guess-format.ts";
import { exportJepsen, exportLosses } from "../../../../checkers/formats/jepsen-export.ts";
import { eventsOf } from "../../../../checkers/history/event-at.ts";
import type { History } from "../../../../checkers/history/history.ts";
import { buildHistory } from "../../../support/build-history.ts";
import { ChoiceTape } from "../../../support/choice-tape.ts";
import { historyOf } from "../../../support/history-text.ts";
import { historyIn } from "../../../support/read-format.ts";
import { simulateEntities } from "../../../support/simulated-entity.ts";

const corpus = new URL("../../../corpus/", import.meta.url);
const syntaxes = ["json", "edn"] as const;

function exported(history: History, syntax: "json" | "edn"): string {
  return [...exportJepsen(history, syntax)].join("");
}

/** Exports and reads back. */
function roundTrip(history: History, syntax: "json" | "edn"): History {
  const { isKeyed } = exportLosses(history);
  return historyIn(`jepsen-${syntax}`, exported(history, syntax), { keyed: isKeyed });
}

/** What checkers see, without the names of processes. */
function inputOf(history: History): unknown {
  const { mate, type, time, index, value, keys, functions, key, f, error, final } = history;
  return { mate, type, time, index, value, keys, functions, key, f, error, final };
}

describe("an exported history is read back as the same input of checkers:", () => {
  test.each([
    "jepsen-edn/paper-example.edn",
    "jepsen-edn/cas-failure.edn",
    "jepsen-json/bank.json",
    "jepsen-json/set_full.json",
    "jepsen-json/rw-register.json",
    "kv/c10-bad.txt",
    "etcd-register/etcd_000.log",
    "isolation-text/read-atomic/test-ra.txt",
  ])("%s", (name) => {
    const text = readFileSync(new URL(name, corpus), "utf8");
    const history = historyIn(guessFormat(text), text);
    for (const syntax of syntaxes) expect(inputOf(roundTrip(history, syntax))).toEqual(inputOf(history));
  });

  test("a history of our own, with hostile names and values, errors, clients, nodes and final reads", () => {
    const hostile = ["__proto__", 'a"b\\c\n\u2028\u0000', "1", ":k", "nil", "é🙂", "#{}"];
    const history = buildHistory(
      hostile.flatMap((key, at) => [
        {
          index: 2 * at,
          time: at,
          process: `p ${key}`,
          client: at,
          type: "invoke" as const,
          f: "guarded-write",
          key,
          node: key,
        },
        {
          index: 2 * at + 1,
          time: at,
          process: `p ${key}`,
          client: at,
          type: "info" as const,
          f: "guarded-write",
          key,
          value: JSON.parse(JSON.stringify({ [key]: hostile, r: ["r", 1, [key]] })),
          error: { code: key, message: key },
          final: true,
        },
      ]),
    );
    for (const syntax of syntaxes) {
      const back = roundTrip(history, syntax);
      // Several keys stand as pairs, in which what is absent is null.
      const withNull = { ...history, value: history.value.map((value) => value ?? null) };
      expect(inputOf(back)).toEqual(inputOf(withNull));
      expect([back.nodes, back.clients]).toEqual([history.nodes, history.clients]);
    }
  });

  test("of one key values stay alone, and an absent value stays absent", () => {
    const tape = new ChoiceTape(Array.from({ length: 400 }, (_, at) => (at * 7919) % 101));
    const events = simulateEntities(tape, { clients: 3, keys: 1, bugEvery: 0, staleReads: true });
    const history = buildHistory(events);
    expect(history.length).toBeGreaterThan(10);
    for (const syntax of syntaxes) {
      const back = roundTrip(history, syntax);
      expect(inputOf(back)).toEqual(inputOf(history));
      expect([...eventsOf(back)].map((event) => "client" in event && event.client)).toEqual(
        [...eventsOf(history)].map((event) => "client" in event && event.client),
      );
    }
  });
});

test("the text is what Jepsen's tools read", () => {
  const history = historyOf(`
    c1 > txn - [["r","x",null],["append",5,1]]
    c1 < ok [["r","x",[1]],["append",5,1]]
    c2 > read k
    c2 < info !timeout
    record effect order/7 @payment {"step":"pay"}
    fault 1 inject link-partition
  `);
  expect(exportLosses(history)).toEqual({ leftOut: 2, isKeyed: false });
  expect(exported(history, "edn").split("\n").slice(0, 3)).toEqual([
    '[{:index 0, :time 0, :process 1, :type :invoke, :f :txn, :value [[:r "x" nil] [:append 5 1]], :client 1}',
    '{:index 1, :time 1000, :process 1, :type :ok, :f :txn, :value [[:r "x" [1]] [:append 5 1]], :client 1}',
    '{:index 2, :time 2000, :process 2, :type :invoke, :f :read, :key "k", :client 2}',
  ]);
  const two = historyOf("c1 > read k\nc1 < ok 7\nc2 > write l 8");
  expect(exported(two, "edn")).toContain(':f :read, :value ["k" nil], :client 1}\n');
  expect(exported(two, "json")).toContain('"f":"read","value":["k",7]');
  const maps = JSON.parse(exported(history, "json")) as { process: unknown; error?: unknown }[];
  expect(maps).toHaveLength(4);
  expect(maps[3]).toMatchObject({ type: "info", key: "k", error: "timeout" });
});
