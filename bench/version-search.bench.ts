import type { Checker } from "../checkers/checker.ts";
import { rwRegister } from "../checkers/transactions/rw-register.checker.ts";
import { type BlindWrites, blindWrites } from "./large-blind-writes.ts";

const serializable = ["serializable", "strong-session-serializable", "strict-serializable"];
const snapshots = ["snapshot-isolation", "strong-session-snapshot-isolation", "strong-snapshot-isolation"];

/**
 * What it costs to decide serializability and snapshot isolation where only unique values are known and most
 * writes are blind, on histories that have it and on some that are broken in one place. Prints processor
 * time; fails nothing. `node bench/version-search.bench.ts [transactions] [part of a title]`, 10,000 unless given.
 */
function main(transactions: number, wanted: string): void {
  console.log(`${transactions} transactions of 8 to 20 micro-operations; seconds of processor time`);
  for (const reads of [50, 30]) {
    for (const [choice, keys, sessions] of [
      ["uniform", 1000, 24],
      ["uniform", 200, 100],
      ["zipfian", 1000, 24],
      ["zipfian", 1000, 100],
    ] as const) {
      const size = { transactions, sessions, keys, operations: [8, 20], reads, choice } as const;
      const title = `${reads} % reads, ${choice} ${keys} keys, ${sessions} sessions`;
      const all = [...serializable, ...snapshots];
      run(wanted, `${title}, serial`, { ...size, store: "serial" }, all);
      run(wanted, `${title}, snapshot`, { ...size, store: "snapshot" }, ["serializable", ...snapshots]);
      for (const kind of ["stale-read", "old-snapshot", "missed-transaction"] as const) {
        for (const store of ["serial", "snapshot"] as const) {
          const defect = { kind, times: 3 };
          run(wanted, `${title}, ${store}, ${kind}`, { ...size, store, defect }, [
            "serializable",
            "snapshot-isolation",
          ]);
        }
      }
    }
  }
}

function run(wanted: string, title: string, size: BlindWrites, levels: readonly string[]): void {
  if (!title.includes(wanted)) return;
  const history = blindWrites(size);
  console.log(title);
  for (const isolation of levels) report(isolation, rwRegister({ isolation }), history);
}

function report(level: string, checker: Checker, history: ReturnType<typeof blindWrites>): void {
  const before = process.threadCpuUsage();
  const result = checker.check(history);
  const { user, system } = process.threadCpuUsage(before);
  const seconds = ((user + system) / 1e6).toFixed(2);
  const types = JSON.stringify(result.stats.details?.anomalyTypes ?? []);
  const memory = `${Math.round(process.memoryUsage.rss() / 1e6)} MB`;
  const why = result.verdict === "unknown" ? ` (${result.reason})` : "";
  console.log(
    `  ${level.padEnd(34)} ${seconds.padStart(7)}  ${memory.padStart(8)}  ${result.verdict} ${types}${why}`,
  );
}

main(Number(process.argv[2] ?? 10_000), process.argv[3] ?? "");
