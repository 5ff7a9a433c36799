import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { HistoryEvent, Json } from "../../../checkers/history/operation.ts";
import { projection } from "../../../checkers/projection/projection.checker.ts";
import { buildHistory, textOfEvents } from "../../support/build-history.ts";
import { findingOf, otherKey, withOtherNames, withUnrelated } from "../../support/checker-laws.ts";
import { ChoiceTape, choices } from "../../support/choice-tape.ts";
import { EventLog } from "../../support/event-log.ts";
import { projectionFindings } from "../../support/projection.oracle.ts";
import { simulateEntities } from "../../support/simulated-entity.ts";

interface LoggedEvent {
  readonly key: string;
  readonly position: number;
  readonly put: Json;
}

/** Writes, an applier that may crash between applying and its checkpoint, readers; bugs once in so many choices. */
class ProjectionRun {
  readonly #tape: ChoiceTape;
  readonly #bugEvery: number;
  readonly #log = new EventLog(3);
  readonly #events: LoggedEvent[] = [];
  readonly #model = new Map<string, Json>();
  readonly #open: ({ readonly f: string; readonly key: string; answer: Json | undefined } | null)[] = [
    null,
    null,
    null,
  ];
  #applied = 0;
  #checkpoint = 0;

  constructor(tape: ChoiceTape, bugEvery: number) {
    this.#tape = tape;
    this.#bugEvery = bugEvery;
  }

  run(): HistoryEvent[] {
    while (!this.#tape.isUsedUp) this.#step();
    while (this.#applied < this.#events.length && !this.#bug()) this.#apply();
    for (const event of this.#events) this.#record("event", event.key, eventValue(event), true);
    for (const [key, state] of this.#model) {
      if (this.#bug()) continue;
      this.#record("projected", key, { state: this.#bug() ? this.#tape.below(4) : state }, true);
    }
    return this.#log.events.map((event) => ({ ...event, time: event.index * 1e6 }));
  }

  #step(): void {
    const tape = this.#tape;
    const choice = tape.below(6);
    if (choice === 0) this.#happen();
    else if (choice === 3) this.#saveOrCrash();
    else if (choice > 3) this.#read(tape.below(3));
    else if (this.#applied < this.#events.length) this.#apply();
  }

  #happen(): void {
    if (this.#events.length > 5) return;
    const put = this.#tape.once(4) ? null : this.#tape.below(4);
    const event = { key: this.#tape.pick(["a", "b"]), position: this.#events.length + 1, put };
    this.#events.push(event);
    if (!this.#tape.once(6)) this.#record("event", event.key, eventValue(event), false);
  }

  #apply(): void {
    const isSwapped = this.#applied + 1 < this.#events.length && this.#bug();
    if (isSwapped) this.#applyEvent(this.#events[this.#applied + 1]!);
    this.#applyEvent(this.#events[this.#applied++]!);
    if (isSwapped) this.#applied++;
    if (this.#bug()) this.#applied = this.#tape.below(this.#applied + 1);
  }

  #applyEvent(event: LoggedEvent): void {
    if (this.#bug()) return;
    this.#model.set(event.key, this.#bug() ? this.#tape.below(5) : event.put);
    // A crash can come between the change and the record of it.
    if (!this.#tape.once(6)) this.#record("applied", event.key, { position: event.position }, false);
  }

  #saveOrCrash(): void {
    if (this.#tape.once(5)) {
      // The model is as durable as its checkpoint: both go back.
      this.#applied = this.#checkpoint;
      if (this.#bug()) this.#checkpoint = Math.max(0, this.#checkpoint - 1);
      return;
    }
    this.#checkpoint = this.#bug() ? this.#tape.below(this.#applied + 1) : this.#applied;
    if (this.#checkpoint > 0) this.#record("checkpoint", "shop", { position: this.#checkpoint }, false);
  }

  #read(client: number): void {
    const call = this.#open[client]!;
    if (call === null) {
      const next = { f: "read", key: this.#tape.pick(["a", "b"]), answer: undefined };
      this.#open[client] = next;
      this.#log.add(client, next, "invoke");
      return;
    }
    this.#open[client] = null;
    const old = this.#events.length > 0 && this.#bug() ? this.#tape.pick(this.#events).put : undefined;
    const shown = this.#bug() ? this.#tape.below(5) : (old ?? this.#model.get(call.key) ?? null);
    if (this.#tape.once(8)) this.#log.add(client, call, "info");
    else this.#log.add(client, call, "ok", shown);
  }

  #record(f: string, key: string, value: Json, final: boolean): void {
    const index = this.#log.events.length;
    const record = { index, time: index, type: "record", f, key, value } as const;
    const node = f === "event" || f === "checkpoint" ? {} : { node: "shop" };
    this.#log.events.push({ ...record, ...node, ...(final ? { final } : {}) });
  }

  #bug(): boolean {
    return this.#bugEvery > 0 && this.#tape.once(this.#bugEvery);
  }
}

function eventValue({ position, put }: LoggedEvent): Json {
  return put === null ? { position, remove: true } : { position, put };
}

const simulate = (tape: ChoiceTape, bugEvery: number): HistoryEvent[] =>
  new ProjectionRun(tape, bugEvery).run();
const readTypes = ["state-off-log", "state-went-back"];
const causes = ["applied-twice", "applied-out-of-order", "skipped-event"];

describe("projection", () => {
  test("finds exactly what trying all explanations finds", () => {
    const tally = new Map<string, number>();
    const maxLagMs = 12;
    fc.assert(
      fc.property(choices(110), fc.constantFrom(0, 8, 16), (tape, bugEvery) => {
        const events = simulate(new ChoiceTape(tape), bugEvery);
        // Without these nothing is known of the states at the end.
        if (!events.some((event) => event.type === "record" && event.f === "projected")) return;
        const history = buildHistory(events);
        const { anomalies } = projection({ maxAnomalies: 1000 }).check(history);
        const isOfRead = ({ operations }: (typeof anomalies)[number]): boolean =>
          events[operations.at(-1)!]!.type === "ok";
        const expected = projectionFindings(events, maxLagMs);
        const lags = projection({ maxLagMs, maxAnomalies: 1000 })
          .check(history)
          .anomalies.filter((anomaly) => anomaly.type === "lag-exceeded" && !isOfRead(anomaly));
        const ofReads = anomalies.filter((anomaly) => readTypes.includes(anomaly.type) && isOfRead(anomaly));
        const certain = [...anomalies, ...lags].filter(
          (anomaly) => !ofReads.includes(anomaly) && !causes.includes(anomaly.type),
        );
        const names = [...new Set(certain.map(({ type, key }) => `${type} ${key}`))].sort();
        const unexplained = [...new Set(ofReads.map(({ key }) => key))].sort();
        if (names.join() !== expected.certain.join() || unexplained.join() !== expected.unexplained.join()) {
          const found = JSON.stringify({ certain: names, unexplained });
          throw new Error(`expected ${JSON.stringify(expected)}, found ${found}\n${textOfEvents(events)}`);
        }
        for (const { type } of [...anomalies, ...lags]) tally.set(type, (tally.get(type) ?? 0) + 1);
        if (anomalies.length === 0) tally.set("none", (tally.get("none") ?? 0) + 1);
      }),
      { seed: 41, numRuns: 2000 },
    );
    const types = [
      "not-converged",
      "missing-entity",
      "extra-entity",
      "position-went-back",
      "lag-exceeded",
      "none",
    ];
    for (const type of [...types, ...readTypes, ...causes]) {
      expect([type, (tally.get(type) ?? 0) > 10]).toEqual([type, true]);
    }
  });

  test("names a cause only where a final state differs", () => {
    fc.assert(
      fc.property(choices(110), fc.constantFrom(8, 16), (tape, bugEvery) => {
        const { anomalies } = projection({ maxAnomalies: 1000 }).check(
          buildHistory(simulate(new ChoiceTape(tape), bugEvery)),
        );
        const differing = new Set(
          anomalies.filter(({ type }) => !causes.includes(type)).map(({ key }) => key),
        );
        for (const { type, key } of anomalies)
          if (causes.includes(type)) expect(differing.has(key)).toBe(true);
      }),
      { seed: 42, numRuns: 500 },
    );
  });

  test("keeps its verdict when keys, processes and nodes are renamed", () => {
    fc.assert(
      fc.property(choices(110), (tape) => {
        const events = simulate(new ChoiceTape(tape), 10);
        const expected = findingOf(projection(), events, undefined, otherKey);
        expect(findingOf(projection(), withOtherNames(events))).toEqual(expected);
      }),
      { seed: 43, numRuns: 150 },
    );
  });

  test("keeps its verdict when unrelated operations are added", () => {
    fc.assert(
      fc.property(choices(110), choices(60), choices(100), (tape, others, order) => {
        const events = simulate(new ChoiceTape(tape), 10);
        const simulation = { clients: 2, keys: 1, bugEvery: 0, staleReads: false };
        const unrelated = simulateEntities(new ChoiceTape(others), simulation);
        const merged = withUnrelated(events, unrelated, new ChoiceTape(order));
        expect(findingOf(projection(), merged.events, merged.indexBefore)).toEqual(
          findingOf(projection(), events),
        );
      }),
      { seed: 44, numRuns: 150 },
    );
  });
});
