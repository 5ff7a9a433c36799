import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Checker } from "../../../checkers/checker.ts";
import type { HistoryEvent, Json } from "../../../checkers/history/operation.ts";
import { monotonicReads } from "../../../checkers/session/monotonic-reads.checker.ts";
import { monotonicWrites } from "../../../checkers/session/monotonic-writes.checker.ts";
import { writesFollowReads } from "../../../checkers/session/writes-follow-reads.checker.ts";
import { buildHistory, textOfEvents } from "../../support/build-history.ts";
import { ChoiceTape, choices } from "../../support/choice-tape.ts";
import { EventLog } from "../../support/event-log.ts";
import { hasSessionOrder, type OracleGuarantee, versionsBehind } from "../../support/session.oracle.ts";
import { simulateEntities } from "../../support/simulated-entity.ts";
import { simulateRegister } from "../../support/simulated-register.ts";

interface Tally {
  explained: number;
  broken: number;
  undecided: number;
}

/** Does the checker say what brute force says of a register? */
function compare(
  checker: Checker,
  guarantee: OracleGuarantee,
  events: readonly HistoryEvent[],
  tally: Tally,
): void {
  const history = buildHistory(events);
  const result = checker.check(history);
  const isJudged = result.verdict !== "unknown" || result.reason.includes("reads of it go back");
  if (!isJudged && result.verdict === "unknown" && result.reason !== "nothing was examined") return;
  const explained = hasSessionOrder(history, guarantee);
  if (explained === null) tally.undecided++;
  else if (explained) tally.explained++;
  else tally.broken++;
  const isRight =
    explained === null ? result.verdict === "unknown" : explained === (result.verdict !== "invalid");
  if (!isRight) {
    throw new Error(`explained: ${explained}, but ${JSON.stringify(result)}\n${textOfEvents(events)}`);
  }
}

/** A register of which each client mostly reads later and later values, in an order of its own. */
function randomRegister(tape: ChoiceTape): HistoryEvent[] {
  const log = new EventLog(3);
  const open: ({ readonly f: string; readonly key: string } | null)[] = [null, null, null];
  const values: Json[] = [null];
  const ranks = [[0], [0], [0]];
  const current = [0, 0, 0];
  const read = (client: number): Json => {
    const next = tape.below(values.length);
    if (ranks[client]![next]! >= ranks[client]![current[client]!]! || tape.once(12)) current[client] = next;
    return values[current[client]!]!;
  };
  while (!tape.isUsedUp) {
    const client = tape.below(3);
    const call = open[client]!;
    if (call !== null) {
      open[client] = null;
      if (tape.once(12)) log.add(client, call, "info");
      else log.add(client, call, "ok", call.f === "read" ? read(client) : undefined);
      continue;
    }
    const f = values.length > 4 ? "read" : tape.pick(["read", "read", "write", "write", "cas"]);
    const next = { f, key: "x" };
    open[client] = next;
    const old = tape.pick(values);
    const value = values.length;
    if (f !== "read") {
      values.push(value);
      for (const rank of ranks) rank.push(tape.below(2) === 0 ? value * 10 : tape.below(40));
    }
    log.add(client, next, "invoke", f === "write" ? value : f === "cas" ? [old, value] : undefined);
  }
  return log.events;
}

/** Calls on one versioned entity, with any versions. */
function randomVersions(tape: ChoiceTape): HistoryEvent[] {
  const log = new EventLog(3);
  const open: ({ readonly f: string; readonly key: string } | null)[] = [null, null, null];
  // What nobody writes is not judged.
  for (const key of ["x", "y"]) {
    log.add(0, { f: "create", key }, "invoke");
    log.add(0, { f: "create", key }, "ok", { version: 1 });
  }
  while (!tape.isUsedUp) {
    const client = tape.below(3);
    const call = open[client]!;
    if (call === null) {
      const next = { f: tape.pick(["read", "update"]), key: tape.pick(["x", "y"]) };
      open[client] = next;
      log.add(client, next, "invoke");
      continue;
    }
    open[client] = null;
    const version = tape.below(6);
    if (tape.once(8)) log.add(client, call, "info");
    else if (version === 0 && call.f === "read") log.add(client, call, "ok");
    else log.add(client, call, "ok", { version: 1 + version + (log.events.length >> 3), value: "v" });
  }
  return log.events;
}

const cases: readonly { readonly checker: Checker; readonly guarantee: OracleGuarantee }[] = [
  { checker: monotonicReads({ maxAnomalies: 1000 }), guarantee: { earlier: "reads", later: "reads" } },
  { checker: monotonicWrites({ maxAnomalies: 1000 }), guarantee: { earlier: "writes", later: "writes" } },
  { checker: writesFollowReads({ maxAnomalies: 1000 }), guarantee: { earlier: "reads", later: "writes" } },
];

describe.each(cases.map((each) => ({ ...each, name: each.checker.name })))(
  "$name",
  ({ checker, guarantee }) => {
    test("says what brute force says of every short history of two sessions", () => {
      const tally = { explained: 0, broken: 0, undecided: 0 };
      const steps = [0, 1].flatMap((client) => [null, 1, 2, "write"].map((value) => ({ client, value })));
      for (const one of steps) {
        for (const two of steps) {
          for (const three of steps) {
            for (const four of steps) {
              const log = new EventLog(2);
              const write = (client: number, value: number): void => {
                log.add(client, { f: "write", key: "x" }, "invoke", value);
                log.add(client, { f: "write", key: "x" }, "ok");
              };
              write(0, 1);
              let written = 1;
              for (const { client, value } of [one, two, three, four]) {
                if (value === "write") write(client, ++written);
                else {
                  log.add(client, { f: "read", key: "x" }, "invoke");
                  log.add(client, { f: "read", key: "x" }, "ok", value);
                }
              }
              compare(checker, guarantee, log.events, tally);
            }
          }
        }
      }
      expect(tally.explained).toBeGreaterThan(300);
      expect(tally.broken).toBeGreaterThan(20);
    });

    test("says what brute force over all orders of the values says", () => {
      const tally = { explained: 0, broken: 0, undecided: 0 };
      fc.assert(
        fc.property(choices(76), (tape) => {
          compare(checker, guarantee, randomRegister(new ChoiceTape(tape)), tally);
        }),
        { seed: 21, numRuns: 2500 },
      );
      expect(tally.broken).toBeGreaterThan(3);
      expect(tally.explained).toBeGreaterThan(300);
    });

    test("finds exactly the calls with a version behind an earlier one, of each pair of calls", () => {
      let found = 0;
      fc.assert(
        fc.property(choices(120), (tape) => {
          const history = buildHistory(randomVersions(new ChoiceTape(tape)));
          const { anomalies } = checker.check(history);
          const behind = anomalies.map(({ operations }) => operations.at(-1)!).sort((a, b) => a - b);
          expect(behind).toEqual(versionsBehind(history, guarantee));
          found += behind.length;
        }),
        { seed: 22, numRuns: 1000 },
      );
      expect(found).toBeGreaterThan(500);
    });

    test("never blames a correct store of versions", () => {
      fc.assert(
        fc.property(choices(300), (tape) => {
          const simulation = { clients: 4, keys: 2, bugEvery: 0, staleReads: false };
          const events = simulateEntities(new ChoiceTape(tape), simulation);
          expect(checker.check(buildHistory(events)).anomalies).toEqual([]);
        }),
        { seed: 23, numRuns: 300 },
      );
    });

    test("never blames a correct register", () => {
      fc.assert(
        fc.property(choices(300), (tape) => {
          const simulation = { clients: 4, bugEvery: 0, isUnique: true, hasDeletes: false, finalReads: 0 };
          const events = simulateRegister(new ChoiceTape(tape), simulation);
          expect(checker.check(buildHistory(events)).anomalies).toEqual([]);
        }),
        { seed: 24, numRuns: 300 },
      );
    });
  },
);
