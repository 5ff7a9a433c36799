import type { Checker } from "../checkers/checker.ts";
import type { History } from "../checkers/history/history.ts";
import { registerTransactions } from "../checkers/transactions/register-transactions.ts";
import { causal } from "../checkers/weak-isolation/causal.checker.ts";
import { readAtomic } from "../checkers/weak-isolation/read-atomic.checker.ts";
import { readCommitted } from "../checkers/weak-isolation/read-committed.checker.ts";
import { type LargeCausalStore, largeCausalHistory, largeOrderEntryHistory } from "./large-causal-stores.ts";

/**
 * What checking weak isolation on large histories costs: processor time of the process, and the most memory
 * that it had so far. Prints; fails nothing. `node bench/weak-isolation.bench.ts [micro-operations]`.
 */
function main(events: number): void {
  const size: LargeCausalStore = { events, sessions: 1001, keys: 10_000, length: 8, skew: 1, lag: 2000 };
  const all = [readCommitted(), readAtomic(), causal()];
  console.log(`${events} micro-operations; milliseconds of processor time: best (first)`);
  bench("uniform", largeCausalHistory(size), all);
  bench("skewed", largeCausalHistory({ ...size, keys: 1000, skew: 3 }), all);
  bench("up to date", largeCausalHistory({ ...size, lag: 0 }), all);
  bench("far behind", largeCausalHistory({ ...size, keys: 1000, lag: 50_000 }), all);
  bench("one a txn", largeCausalHistory({ ...size, length: 1 }), all);
  bench("long txns", largeCausalHistory({ ...size, length: 100, lag: 100 }), all);
  bench("50 sessions", largeCausalHistory({ ...size, sessions: 50 }), all);
  bench("orders", largeOrderEntryHistory(Math.ceil(events * 0.393), 100), all);
}

function bench(name: string, history: History, checkers: readonly Checker[]): void {
  const reading = [0, 1].map(() => timed(() => registerTransactions(history)));
  console.log(`${name.padEnd(12)} ${history.length / 2} transactions; collected ${times(reading)}`);
  for (const checker of checkers) {
    const spent = [0, 1].map(() => timed(() => checker.check(history)));
    const result = checker.check(history);
    const memory = Math.round(process.resourceUsage().maxRSS / 1024);
    console.log(
      `  ${checker.name.padEnd(16)} ${times(spent)}  ${result.verdict}, ${memory} MB so far` +
        (result.verdict === "unknown" ? ` (${result.reason})` : ""),
    );
  }
}

function timed(work: () => unknown): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}

function times(spent: readonly number[]): string {
  return `${Math.min(...spent)
    .toFixed(0)
    .padStart(6)} (${spent[0]!.toFixed(0)})`;
}

main(Number(process.argv[2] ?? 1_000_000));
