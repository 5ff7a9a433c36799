import { activity } from "../checkers/activity/activity.checker.ts";
import { availability } from "../checkers/availability/availability.checker.ts";
import { bank } from "../checkers/bank/bank.checker.ts";
import { cacheStaleness } from "../checkers/cache/cache-staleness.checker.ts";
import { outgoingCalls } from "../checkers/calls/outgoing-calls.checker.ts";
import type { Checker } from "../checkers/checker.ts";
import { conservation } from "../checkers/conservation/conservation.checker.ts";
import { counter } from "../checkers/counter/counter.checker.ts";
import { delivery } from "../checkers/delivery/delivery.checker.ts";
import { durability } from "../checkers/durability/durability.checker.ts";
import { eventStreams } from "../checkers/event-streams/event-streams.checker.ts";
import type { History } from "../checkers/history/history.ts";
import { HistoryBuilder } from "../checkers/history/history-builder.ts";
import { createHistoryReader } from "../checkers/history/ndjson-reader.ts";
import { formatEvent } from "../checkers/history/ndjson-writer.ts";
import type { HistoryEvent } from "../checkers/history/operation.ts";
import { lockSafety } from "../checkers/locks/lock-safety.checker.ts";
import { longFork } from "../checkers/long-fork/long-fork.checker.ts";
import { optimisticLock } from "../checkers/optimistic-lock/optimistic-lock.checker.ts";
import { projection } from "../checkers/projection/projection.checker.ts";
import { sagaAtomicity } from "../checkers/saga/saga-atomicity.checker.ts";
import { monotonicReads } from "../checkers/session/monotonic-reads.checker.ts";
import { monotonicWrites } from "../checkers/session/monotonic-writes.checker.ts";
import { readYourWrites } from "../checkers/session/read-your-writes.checker.ts";
import { visibleDependencies } from "../checkers/session/visible-dependencies.checker.ts";
import { writesFollowReads } from "../checkers/session/writes-follow-reads.checker.ts";
import { setFull } from "../checkers/set/set-full.checker.ts";
import { boundedStaleness } from "../checkers/staleness/bounded-staleness.checker.ts";
import {
  type LargeHistory,
  largeEntityHistory,
  largeRegisterHistory,
  largeStockHistory,
} from "./large-histories.ts";
import {
  largeBankHistory,
  largeCallHistory,
  largeCounterHistory,
  largeForkHistory,
  largeSetHistory,
  largeStreamHistory,
} from "./large-invariants.ts";
import {
  largeCacheHistory,
  largeLockHistory,
  largeProjectionHistory,
  largeReplicaHistory,
  largeThreadHistory,
} from "./large-models.ts";
import { largeDeliveryRecords, largeSagaRecords } from "./large-records.ts";

/**
 * What reading and checking large histories costs. Prints ratios and milliseconds; fails nothing.
 * `node bench/checkers.bench.ts [operations] [checker…]`, one million and all checkers unless given.
 */
function main(operations: number, only: readonly string[]): void {
  const size = { operations, clients: 50, keys: Math.max(1, Math.floor(operations / 1000)) };
  console.log(
    `${operations} operations (two rows each), ${size.clients} clients; milliseconds of processor time`,
  );
  if (only.length === 0) {
    benchReading(largeEntityHistory({ ...size, operations: Math.ceil(operations / 2) }));
    benchSmall();
  }
  for (const keys of [1, size.keys, size.keys * 10]) {
    for (const { name, history, checkers } of works({ ...size, keys })) {
      const wanted = checkers.filter((checker) => only.length === 0 || only.includes(checker.name));
      if (wanted.length > 0) benchCheckers(name, keys, build(history()), wanted);
    }
  }
}

/** One kind of history, and the checkers that are measured on it. */
interface Work {
  readonly name: string;
  readonly history: () => Iterable<HistoryEvent>;
  readonly checkers: readonly Checker[];
}

function works(size: LargeHistory): readonly Work[] {
  const sessions = [readYourWrites(), monotonicReads(), monotonicWrites(), writesFollowReads()];
  const staleness = boundedStaleness({ boundMs: 1 });
  const states = [...sessions, durability(), staleness];
  const entities = [activity(), availability(), optimisticLock(), ...states];
  const records = { records: size.operations, keys: size.keys };
  const cached = [cacheStaleness({ maxStalenessMs: 1 })];
  const limits = { attemptsMax: 3, callMsMax: 1000, failuresMax: 1_000_000 };
  const projected = [projection({ maxLagMs: 10_000 })];
  return [
    { name: "entities", history: () => largeEntityHistory(size), checkers: entities },
    { name: "registers", history: () => largeRegisterHistory(size), checkers: states },
    { name: "replicas", history: () => largeReplicaHistory(size), checkers: [staleness] },
    { name: "stocks", history: () => largeStockHistory(size), checkers: [conservation()] },
    { name: "threads", history: () => largeThreadHistory(size), checkers: [visibleDependencies()] },
    { name: "locks", history: () => largeLockHistory(size), checkers: [lockSafety()] },
    { name: "caches", history: () => largeCacheHistory(size), checkers: cached },
    { name: "read models", history: () => largeProjectionHistory(size), checkers: projected },
    { name: "banks", history: () => largeBankHistory(size), checkers: [bank()] },
    { name: "counters", history: () => largeCounterHistory(size), checkers: [counter()] },
    { name: "sets", history: () => largeSetHistory(size), checkers: [setFull()] },
    { name: "forks", history: () => largeForkHistory(size), checkers: [longFork()] },
    { name: "streams", history: () => largeStreamHistory(size), checkers: [eventStreams()] },
    { name: "calls", history: () => largeCallHistory(size), checkers: [outgoingCalls(limits)] },
    { name: "sagas", history: () => largeSagaRecords(records), checkers: [sagaAtomicity()] },
    { name: "deliveries", history: () => largeDeliveryRecords(records), checkers: [delivery()] },
  ];
}

/** Reading with validation against nothing but `JSON.parse` of each line, in turns in the same process. */
function benchReading(events: Iterable<HistoryEvent>): void {
  const encoder = new TextEncoder();
  const chunks: Uint8Array[] = [];
  let text = "";
  let lines = 0;
  for (const event of events) {
    text += `${formatEvent(event)}\n`;
    lines++;
    if (text.length < 1 << 16) continue;
    chunks.push(encoder.encode(text));
    text = "";
  }
  chunks.push(encoder.encode(text));
  const megabytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0) / 1e6;
  let parse = Number.POSITIVE_INFINITY;
  let read = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 3; round++) {
    parse = Math.min(
      parse,
      timed(() => parseOnly(chunks)),
    );
    read = Math.min(
      read,
      timed(() => readAll(chunks)),
    );
  }
  console.log(
    `read    ${lines} lines, ${megabytes.toFixed(0)} MB: JSON.parse ${ms(parse)}, reader ${ms(read)}, ` +
      `ratio ${(read / parse).toFixed(2)}`,
  );
}

function parseOnly(chunks: readonly Uint8Array[]): number {
  const decoder = new TextDecoder();
  const kept: unknown[] = [];
  let rest = "";
  for (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) kept.push(JSON.parse(line));
  }
  return kept.length;
}

function readAll(chunks: readonly Uint8Array[]): number {
  const reader = createHistoryReader();
  for (const chunk of chunks) reader.push(chunk);
  const result = reader.end();
  if (!result.ok) throw new Error(JSON.stringify(result.errors[0]));
  return result.history.length;
}

/** Many histories of the size of a simulated run: building and checking. */
function benchSmall(): void {
  const events = [...largeEntityHistory({ operations: 30, clients: 4, keys: 3 })];
  const checkers = [activity(), optimisticLock(), readYourWrites(), durability()];
  const rounds = 3000;
  const building = timed(() => {
    for (let round = 0; round < rounds; round++) build(events);
  });
  const history = build(events);
  const checking = timed(() => {
    for (let round = 0; round < rounds; round++) for (const checker of checkers) checker.check(history);
  });
  const rate = (time: number): string => `${Math.round((rounds / time) * 1000)}/s`;
  console.log(
    `small   histories of 60 events: built ${rate(building)}, checked by 4 checkers ${rate(checking)}`,
  );
}

function benchCheckers(name: string, keys: number, history: History, checkers: readonly Checker[]): void {
  for (const checker of checkers) {
    const times = [0, 1, 2].map(() => timed(() => checker.check(history)));
    const { verdict } = checker.check(history);
    const columns = [name.padEnd(11), `${keys} keys`.padEnd(11), checker.name.padEnd(20)];
    console.log(
      `check   ${columns.join(" ")} ${ms(Math.min(...times)).padStart(5)}  (first ${ms(times[0]!)}) ${verdict}`,
    );
  }
}

function build(events: Iterable<HistoryEvent>): History {
  const builder = new HistoryBuilder();
  for (const event of events) builder.append(event);
  return builder.build();
}

/** Milliseconds of processor time of this thread: what else the machine does must not count. */
function timed(work: () => unknown): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}

function ms(time: number): string {
  return time.toFixed(0);
}

main(Number(process.argv[2] ?? 1_000_000), process.argv.slice(3));
