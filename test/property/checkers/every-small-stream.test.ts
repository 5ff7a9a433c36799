import { expect, test } from "vitest";
import { eventStreams } from "../../../checkers/event-streams/event-streams.checker.ts";
import type { Json } from "../../../checkers/history/operation.ts";
import { projection } from "../../../checkers/projection/projection.checker.ts";
import { buildHistory } from "../../support/build-history.ts";
import { eventStreamAnomalies } from "../../support/event-stream.oracle.ts";
import { everySequence } from "../../support/every-sequence.ts";
import { FindingTally } from "../../support/finding-tally.ts";
import { inMilliseconds } from "../../support/in-milliseconds.ts";
import { projectionFindings } from "../../support/projection.oracle.ts";

const call = (f: string, asked: Json | undefined, type: string, told?: Json, final = false) =>
  ["invoke", type].map((kind) => {
    const value = kind === "invoke" ? asked : told;
    const more = final ? { final } : {};
    return {
      process: 0,
      client: 0,
      type: kind,
      f,
      key: "s",
      ...(value === undefined ? {} : { value }),
      ...more,
    };
  });
const record = (f: string, value: Json, final: boolean, key = "s") => ({
  ...{ type: "record", f, key, node: "store", value },
  ...(final ? { final } : {}),
});

test("event-streams says what comparing everything says of every short story of a stream and its end", () => {
  const event = (version: number, name: string, state: number) => ({
    version,
    event: name,
    state,
    at: version,
  });
  const begun = [
    call("append", { expected: 0, events: ["e1"] }, "ok", { version: 1 }),
    call("append", { expected: 1, events: ["e2"] }, "ok"),
    call("append", { events: ["e2"] }, "fail"),
    call("append", { events: ["e1", "e2"] }, "info"),
    call("append", { expected: 0, events: ["e2"] }, "ok", { version: 1 }),
    call("read", undefined, "ok", { version: 1, state: 1 }),
    call("read", undefined, "ok", { version: 2, state: 4 }),
    call("read-at", { version: 1 }, "ok", { state: 1 }),
    call("read-at", { version: 1 }, "ok", null),
    call("read-at", { at: 2 }, "ok", { state: 1 }),
    [record("event", event(1, "e1", 1), false)],
    [record("snapshot", { version: 1, state: 2 }, false)],
    [record("replayed", { version: 2, state: 1 }, false)],
  ];
  const ended = [
    [record("event", event(1, "e1", 1), true)],
    [record("event", event(2, "e2", 3), true)],
    [record("event", event(1, "e2", 2), true)],
    [record("event", event(3, "e3", 6), true)],
    [record("compacted", { version: 1, state: 2 }, true)],
    call("read", undefined, "ok", { version: 1, state: 1 }, true),
  ];
  const tally = new FindingTally();
  const checker = eventStreams({ maxAnomalies: 1000 });
  for (const story of everySequence(begun, 2)) {
    for (const end of everySequence(ended, 2)) {
      // After a call of unknown outcome its client goes on as another process.
      const lines = [...story, ...end].flatMap((group, process) =>
        group.map((line) => ("process" in line ? { ...line, process } : line)),
      );
      const events = inMilliseconds(lines).map((line) => ({ ...line, time: line.index }));
      const result = checker.check(buildHistory(events));
      const found = result.anomalies.map(({ type, key }) => `${type} ${key}`);
      tally.compare(events, result, found, eventStreamAnomalies(events));
    }
  }
  const types = [
    "version-gap",
    "version-fork",
    "repeated-event",
    "lost-event",
    "refused-event",
    "split-append",
  ];
  const others = ["stale-append", "wrong-version", "reordered-append", "read-off-stream", "stale-final-read"];
  const states = ["snapshot", "replay", "compaction", "read", "read-at"].map((what) => `wrong-${what}`);
  expect(tally.rarerThan(10, ["valid", "invalid", "unknown", ...types, ...others, ...states])).toEqual([]);
});

test("projection says what trying all explanations says of every short story of an entity and its end", () => {
  const maxLagMs = 1;
  const live = [
    [record("event", { position: 1, put: 1 }, false)],
    [record("applied", { position: 1 }, false)],
    [record("applied", { position: 2 }, false)],
    [record("checkpoint", { position: 1 }, false, "store")],
    [record("checkpoint", { position: 2 }, false, "store")],
    [record("rebuild", null, false, "store")],
    ...[null, 1, 5].map((state) => call("read", undefined, "ok", state)),
  ];
  const logs = [
    { position: 2, put: 2 },
    { position: 2, remove: true },
  ].map((second) => [record("event", { position: 1, put: 1 }, true), record("event", second, true)]);
  const models = [null, 1, 2, 5].map((state) => [record("projected", { state }, true)]);
  const tally = new FindingTally();
  const checkers = [projection({ maxAnomalies: 1000 }), projection({ maxLagMs, maxAnomalies: 1000 })];
  const causes = ["applied-twice", "applied-out-of-order", "skipped-event"];
  for (const story of everySequence(live, 3)) {
    for (const log of logs) {
      for (const model of [[], ...models]) {
        const events = inMilliseconds([...story.flat(), ...log, ...model]);
        const history = buildHistory(events);
        const [plain, bounded] = checkers.map((checker) => checker.check(history));
        tally.count(bounded!);
        if (model.length === 0) continue;
        const expected = projectionFindings(events, maxLagMs);
        const isOfRead = (operations: readonly number[]): boolean =>
          events[operations.at(-1)!]!.type === "ok";
        const lags = bounded!.anomalies.filter(
          ({ type, operations }) => type === "lag-exceeded" && !isOfRead(operations),
        );
        const ofReads = plain!.anomalies.filter(
          ({ type, operations }) => /^state-/.test(type) && isOfRead(operations),
        );
        const certain = [...plain!.anomalies, ...lags].filter(
          (anomaly) => !ofReads.includes(anomaly) && !causes.includes(anomaly.type),
        );
        const names = (list: typeof lags) =>
          [...new Set(list.map(({ type, key }) => `${type} ${key}`))].sort().join();
        const isSame =
          names(certain) === expected.certain.join() &&
          ofReads.length > 0 === expected.unexplained.length > 0;
        if (!isSame) {
          const text = JSON.stringify({ expected, certain, ofReads });
          throw new Error(`${text}\n${events.map((one) => JSON.stringify(one)).join("\n")}`);
        }
      }
    }
  }
  const types = [
    "not-converged",
    "missing-entity",
    "extra-entity",
    "position-went-back",
    "lag-exceeded",
    "state-off-log",
  ];
  expect(
    tally.rarerThan(10, ["valid", "invalid", "unknown", ...types, "state-went-back", ...causes]),
  ).toEqual([]);
});
