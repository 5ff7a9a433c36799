import { readdirSync, readFileSync } from "node:fs";
import { createFormatReader } from "../checkers/formats/create-format-reader.ts";
import type { History } from "../checkers/history/history.ts";
import { HistoryBuilder } from "../checkers/history/history-builder.ts";
import { linearizability } from "../checkers/linearizability/linearizability.checker.ts";
import {
  concurrentCalls,
  type SequentialObject,
  sequentialBank,
  sequentialCounter,
  sequentialEntity,
  sequentialMutex,
  sequentialQueue,
  sequentialSet,
  sequentialText,
} from "./concurrent-objects.ts";
import { type ConcurrentRegisters, concurrentRegisters } from "./concurrent-registers.ts";

/** Measures the search for linearizations: processor time, the most memory until then, the history included, and what it answers. */
const base = { values: 5, writesOfTen: 3, casOfTen: 3, timeoutEvery: 0, staleEvery: 0, seed: 7 };

const rows: readonly (readonly [name: string, limitSeconds: number, size: ConcurrentRegisters])[] = [
  ["10 clients, 100 keys, 1 M operations", 2, { ...base, operations: 1_000_000, clients: 10, keys: 100 }],
  ["10 clients, 1 key, 100 k operations", 3, { ...base, operations: 100_000, clients: 10, keys: 1 }],
  ["20 clients, 1 key, 3 k operations", 1, { ...base, operations: 3000, clients: 20, keys: 1 }],
  ["30 clients, 1 key, 3 k operations", 3, { ...base, operations: 3000, clients: 30, keys: 1 }],
  ["50 clients, 1 key, 10 k operations", 10, { ...base, operations: 10_000, clients: 50, keys: 1 }],
  [
    "50 clients, 1 key, 10 k operations, few writes",
    10,
    { ...base, writesOfTen: 1, casOfTen: 1, operations: 10_000, clients: 50, keys: 1 },
  ],
  [
    "50 clients, 1 key, 10 k operations, unique values",
    10,
    { ...base, values: 0, operations: 10_000, clients: 50, keys: 1 },
  ],
  ["1 key, 1,000 operations, 5 % timed out", 10, timedOut(0)],
  ["1 key, 1,000 operations, 5 % timed out, some stale reads", 10, timedOut(200)],
  ["1 key, 1,000 operations, 5 % timed out, many stale reads", 10, timedOut(20)],
];

function timedOut(staleEvery: number): ConcurrentRegisters {
  return { ...base, operations: 1000, clients: 10, keys: 1, timeoutEvery: 20, staleEvery };
}

function historyOf(size: ConcurrentRegisters): History {
  const builder = new HistoryBuilder();
  for (const event of concurrentRegisters(size)) builder.append(event);
  return builder.build();
}

/** Ends what takes twice as long as it may. */
function measure(name: string, limitSeconds: number, histories: readonly History[], model: string): void {
  const before = process.cpuUsage();
  const checker = linearizability({ model });
  const budget = { exceeded: () => (spent(before) > 2 * limitSeconds ? "time" : null) };
  const verdicts = histories.map((history) => checker.check(history, budget).verdict);
  const seconds = spent(before);
  const megabytes = process.resourceUsage().maxRSS / 1024;
  const counts = ["valid", "invalid", "unknown"].map(
    (verdict) => `${verdicts.filter((one) => one === verdict).length} ${verdict}`,
  );
  process.stdout.write(
    `${name.padEnd(64)} ${seconds.toFixed(2).padStart(6)} s of ${limitSeconds.toFixed(2)} s  ` +
      `${megabytes.toFixed(0).padStart(5)} MB at the peak so far  ${counts.join(", ")}\n`,
  );
}

function spent(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

const corpus = new URL("../test/corpus/", import.meta.url);

function corpusHistories(folder: string, format: "etcd-log" | "porcupine-kv", suffix: string): History[] {
  const names = readdirSync(new URL(`${folder}/`, corpus)).filter((name) => name.endsWith(suffix));
  return names.map((name) => {
    const reader = createFormatReader(format, { file: name });
    reader.push(readFileSync(new URL(`${folder}/${name}`, corpus)));
    const result = reader.end();
    if (!result.ok) throw new Error(`${name} cannot be read`);
    return result.history;
  });
}

const etcd = corpusHistories("etcd-register", "etcd-log", ".log");
measure(`${etcd.length} etcd logs`, (0.5 * etcd.length) / 102, etcd, "cas-register");
measure("4 histories of texts under keys", 0.5, corpusHistories("kv", "porcupine-kv", ".txt"), "kv");
for (const [name, limit, size] of rows) measure(name, limit, [historyOf(size)], "cas-register");

const fewClients: readonly Load[] = [
  { clients: 10, timeoutEvery: 0 },
  { clients: 10, timeoutEvery: 100 },
];
const manyClients: readonly Load[] = [
  { clients: 20, timeoutEvery: 20 },
  { clients: 30, timeoutEvery: 100 },
];

interface Load {
  readonly clients: number;
  readonly timeoutEvery: number;
}

const objects: readonly (readonly [name: string, model: string, object: () => SequentialObject])[] = [
  ["texts, each once", "kv", () => sequentialText(0)],
  ["counter", "counter", sequentialCounter],
  ["set", "set", sequentialSet],
  ["queue, each value once", "queue", () => sequentialQueue(0)],
  ["mutex", "mutex", sequentialMutex],
  ["versioned entity", "versioned-entity", sequentialEntity],
  ["bank", "bank", sequentialBank],
];
for (const loads of [fewClients, manyClients]) {
  for (const [name, model, object] of objects) {
    for (const { clients, timeoutEvery } of loads) {
      const calls = { operations: 10_000, clients, timeoutEvery, wrongEvery: 0, seed: 7 };
      const builder = new HistoryBuilder();
      for (const event of concurrentCalls(calls, object())) builder.append(event);
      const timeouts = timeoutEvery === 0 ? "" : `, ${100 / timeoutEvery} % timed out`;
      const what = `${name}, ${clients} clients, 10 k operations${timeouts}`;
      measure(what, 2, [builder.build()], model);
    }
  }
}
