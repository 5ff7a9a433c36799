import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type ConcurrentCalls,
  concurrentCalls,
  type SequentialObject,
} from "../../../bench/concurrent-objects.ts";
import { drawer } from "../../../bench/large-histories.ts";
import type { History } from "../../../checkers/history/history.ts";
import type { HistoryEvent, Operation } from "../../../checkers/history/operation.ts";
import { BreadthSearch } from "../../../checkers/linearizability/breadth-search.ts";
import { POSITION, STATE } from "../../../checkers/linearizability/configuration-words.ts";
import { DepthSearch } from "../../../checkers/linearizability/depth-search.ts";
import type { LinearizabilityModel } from "../../../checkers/linearizability/linearizability-model.ts";
import { bankModel } from "../../../checkers/linearizability/models/bank-model.ts";
import { counterModel } from "../../../checkers/linearizability/models/counter-model.ts";
import { kvModel } from "../../../checkers/linearizability/models/kv-model.ts";
import { mutexModel } from "../../../checkers/linearizability/models/mutex-model.ts";
import { queueModel } from "../../../checkers/linearizability/models/queue-model.ts";
import { setModel } from "../../../checkers/linearizability/models/set-model.ts";
import { versionedEntityModel } from "../../../checkers/linearizability/models/versioned-entity-model.ts";
import { type ObjectCalls, objectCalls } from "../../../checkers/linearizability/object-calls.ts";
import { OrderTrace } from "../../../checkers/linearizability/order-trace.ts";
import { type SearchedObject, searchedObject } from "../../../checkers/linearizability/searched-object.ts";
import { buildHistory, textOfEvents } from "../../support/build-history.ts";
import { everyHistory, type PossibleCall } from "../../support/every-history.ts";
import { judgedModels } from "../../support/judged-models.ts";
import {
  hasOrder,
  type OracleCall,
  type OracleObject,
  oracleCalls,
  oracleCounter,
} from "../../support/linearizability.oracle.ts";

const models: Readonly<Record<string, LinearizabilityModel>> = {
  kv: kvModel() as LinearizabilityModel,
  counter: counterModel() as LinearizabilityModel,
  set: setModel() as LinearizabilityModel,
  queue: queueModel() as LinearizabilityModel,
  mutex: mutexModel() as LinearizabilityModel,
  "versioned-entity": versionedEntityModel(undefined, null) as LinearizabilityModel,
  bank: bankModel({ a: 3, b: 3 }, false) as LinearizabilityModel,
};

/** Additions that can be made of each other in many ways, up and down. */
function steps(): SequentialObject {
  let sum = 0;
  return {
    call: (draw) => (draw() % 3 === 0 ? { f: "read" } : { f: "add", value: (draw() % 7) - 2 }),
    run: ({ f, value }) => {
      if (f === "read") return { value: sum };
      sum += value as number;
      return {};
    },
  };
}

const counter = judgedModels.find(({ name }) => name === "counter")!;
/** Side by side, texts of which none is like another are all different: that is left to the search in depth. */
const judged = [
  ...judgedModels.filter(({ name }) => name !== "kv, each text once"),
  { ...counter, name: "counter, many amounts", object: steps },
];

/** Many calls open at once, and many of unknown outcome. */
const small: fc.Arbitrary<ConcurrentCalls> = fc.record({
  operations: fc.integer({ min: 3, max: 11 }),
  clients: fc.integer({ min: 2, max: 4 }),
  timeoutEvery: fc.constantFrom(0, 1, 2, 4),
  wrongEvery: fc.constantFrom(0, 2, 4),
  seed: fc.integer({ min: 1, max: 1_000_000 }),
});

function callsOf(history: History, model: LinearizabilityModel): ObjectCalls {
  const rows = Int32Array.from({ length: history.length }, (_, row) => row);
  const roles = Int8Array.from(history.functions, (f) => model.functions.indexOf(f));
  const calls = objectCalls(history, rows, roles, new Int32Array(history.length), model);
  if ("malformed" in calls) throw new Error("a call cannot be read");
  return calls;
}

/** States at the return where a search got stuck. */
function statesOf(object: SearchedObject, search: DepthSearch | BreadthSearch): string[] {
  const { words, end, stride } = search.configurations;
  const states = new Set<number>();
  for (let from = 0; from < end * stride; from += stride) {
    if (words[from + STATE]! < 0 || words[from + POSITION] !== search.furthest) continue;
    states.add(words[from + STATE]!);
  }
  const describe = (state: unknown): string => object.model.describe?.(state) ?? JSON.stringify(state);
  return [...states].map((state) => describe(object.states.at(state))).sort();
}

/** What is wrong with an order that was found; null: nothing. Calls are numbers of the search. */
function flawOf(
  calls: ObjectCalls,
  order: readonly number[],
  known: readonly OracleCall[],
  [initial, oracle]: readonly [OracleCall["asked"], OracleObject],
): string | null {
  if (
    new Set(order.filter((call) => calls.code[call]! < 0)).size <
    known.filter(({ isKnown }) => isKnown).length
  )
    return "a call that returned is missing";
  let states = [initial ?? null];
  let sent = -1;
  for (const call of order) {
    // Of equal calls of unknown outcome the first stands for all.
    sent = Math.max(sent, calls.invoked[call]!);
    if (calls.returned[call]! < sent) return "it does not agree with real time";
    const own = known.find(({ start }) => start === calls.row[call])!;
    states = states.flatMap((state) => oracle(state, own));
    states = [...new Map(states.map((state) => [JSON.stringify(state), state])).values()];
  }
  return states.length > 0 ? null : "it does not explain what calls answered";
}

function compare(
  history: History,
  name: string,
  initial: OracleCall["asked"],
  oracle: OracleObject,
): boolean | null {
  const known = [...oracleCalls(history, false).values()].flat();
  if (!known.some(({ isKnown }) => isKnown)) return null;
  const model = models[name]!;
  const calls = callsOf(history, model);
  const object = searchedObject(model, calls);
  const trace = new OrderTrace();
  const breadth = new BreadthSearch(object, trace);
  const depth = new DepthSearch(object, undefined);
  const isLinearizable = hasOrder(known, initial ?? null, oracle);
  const expected = isLinearizable ? "linearizable" : "stuck";
  expect([breadth.advance(1e6), depth.advance(1e6)]).toEqual([expected, expected]);
  if (isLinearizable) {
    expect(flawOf(calls, trace.calls, known, [initial, oracle])).toBe(null);
    return true;
  }
  expect(breadth.furthest).toBe(depth.furthest);
  expect(breadth.complete(1e6)).toBe(true);
  expect(statesOf(object, breadth)).toEqual(statesOf(object, depth));
  return false;
}

/** Additions of unknown outcome, and then some that return, among reads that show more and more: any of them may be why. */
function doubtfulSums(seed: number): HistoryEvent[] {
  const draw = drawer(seed);
  const events: HistoryEvent[] = [];
  const open = new Map<number, { readonly f: string; readonly value?: number }>();
  const add = (process: number, type: Operation["type"], f: string, value: number | undefined): void => {
    const index = events.length;
    events.push({ index, time: index, process, type, f, ...(value === undefined ? {} : { value }) });
  };
  const amounts = [1, 1, 2, 3, draw() % 3 === 0 ? -1 : 2];
  const unknown = 1 + (draw() % 5);
  for (let process = 10; process < 10 + unknown; process++) {
    const value = amounts[draw() % amounts.length]!;
    add(process, "invoke", "add", value);
    add(process, "info", "add", value);
  }
  let shown = 0;
  for (let left = 8 + (draw() % 10); left > 0; left--) {
    const process = draw() % 4;
    const own = open.get(process);
    if (own === undefined) {
      const next = draw() % 2 === 0 ? { f: "read" } : { f: "add", value: amounts[draw() % amounts.length]! };
      open.set(process, next);
      add(process, "invoke", next.f, next.value);
      continue;
    }
    open.delete(process);
    if (own.f === "read") shown += Math.max(0, (draw() % 5) - 1);
    add(process, "ok", own.f, own.f === "read" ? Math.max(0, shown - (draw() % 3 === 0 ? 1 : 0)) : own.value);
  }
  return events;
}

/** A client whose call has an unknown outcome goes on as another process. */
function renumbered(events: readonly HistoryEvent[]): HistoryEvent[] {
  const process = [0, 1];
  return events.map((event) => {
    if (!("process" in event)) return event;
    const client = event.process as number;
    const own = { ...event, process: process[client]! };
    if (event.type === "info") process[client]! += 2;
    return own;
  });
}

describe("configurations side by side find out the same as trying every order:", () => {
  test.each(judged.map((one) => [one.name, one] as const))(
    "%s",
    (_, { options, object, oracle, initial }) => {
      const tally = { right: 0, broken: 0 };
      fc.assert(
        fc.property(small, (size) => {
          const events = concurrentCalls(size, object());
          try {
            const isRight = compare(buildHistory(events), options.model as string, initial, oracle);
            if (isRight !== null) tally[isRight ? "right" : "broken"]++;
          } catch (cause) {
            throw new Error(textOfEvents(events), { cause });
          }
        }),
        { seed: 71, numRuns: 1500 },
      );
      expect(Math.min(tally.right, tally.broken)).toBeGreaterThan(40);
    },
  );

  test("counters of which it is doubtful what was added", () => {
    const tally = { right: 0, broken: 0 };
    for (let seed = 1; seed <= 12_000; seed++) {
      const events = doubtfulSums(seed);
      try {
        const isRight = compare(buildHistory(events), "counter", 0, oracleCounter);
        if (isRight !== null) tally[isRight ? "right" : "broken"]++;
      } catch (cause) {
        throw new Error(textOfEvents(events), { cause });
      }
    }
    expect(Math.min(tally.right, tally.broken)).toBeGreaterThan(1000);
  });

  const adds = (value: number): PossibleCall => ({ f: "add", value, ends: [["ok"], ["info"]] });
  const reads = (...shown: readonly number[]): PossibleCall => ({
    f: "read",
    ends: shown.map((value) => ["ok", value] as const),
  });
  test("every counter of two clients of whose additions some have an unknown outcome", () => {
    const tally = { right: 0, broken: 0 };
    for (const events of everyHistory([adds(1), adds(2), reads(1, 2)], 7)) {
      const isRight = compare(buildHistory(renumbered(events)), "counter", 0, oracleCounter);
      if (isRight !== null) tally[isRight ? "right" : "broken"]++;
    }
    expect(Math.min(tally.right, tally.broken)).toBeGreaterThan(100);
  });
});
