import type { Checker } from "../checkers/checker.ts";
import { listAppend } from "../checkers/transactions/list-append.checker.ts";
import { rwRegister } from "../checkers/transactions/rw-register.checker.ts";
import { type LargeTransactions, largeTransactions } from "./large-transactions.ts";

/**
 * What checking isolation of many transactions costs. Prints milliseconds of processor time and the memory
 * of the process; fails nothing. `node bench/transactions.bench.ts [transactions]`, one million unless given.
 */
function main(transactions: number): void {
  const elle = { transactions, processes: 20, length: 7, writesPerKey: 32, reads: 50 } as const;
  const strict = "strict-serializable";
  console.log(`${transactions} transactions; milliseconds of processor time, best of 3 (first)`);
  run({ ...elle, kind: "list", store: "strict" }, [
    ["serializable", listAppend({ isolation: "serializable" })],
    [strict, listAppend()],
  ]);
  run({ ...elle, kind: "list", store: "snapshot" }, [[strict, listAppend()]]);
  run({ ...elle, kind: "list", store: "stale" }, [[strict, listAppend()]]);
  run({ ...elle, kind: "register", store: "strict" }, [
    [strict, rwRegister()],
    ["sequential keys", rwRegister({ sequentialKeys: true })],
    ["linearizable keys", rwRegister({ linearizableKeys: true })],
  ]);
  run({ ...elle, kind: "register", store: "stale" }, [
    ["linearizable keys", rwRegister({ linearizableKeys: true })],
  ]);
}

/** Checks one history, which is gone afterwards: what lies in memory costs time too. */
function run(size: LargeTransactions, checkers: readonly (readonly [string, Checker])[]): void {
  const history = largeTransactions(size);
  for (const [level, checker] of checkers) {
    const times = [0, 1, 2].map(() => timed(() => checker.check(history)));
    const { verdict, stats } = checker.check(history);
    const columns = [checker.name.padEnd(12), `${size.store} store`.padEnd(15), level.padEnd(20)];
    const memory = `${Math.round(process.memoryUsage.rss() / 1e6)} MB`;
    const types = JSON.stringify(stats.details?.anomalyTypes ?? []);
    const spent = `${ms(Math.min(...times)).padStart(6)} (${ms(times[0]!)})`;
    console.log(`${columns.join(" ")} ${spent}  ${memory}  ${verdict} ${types}`);
  }
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

main(Number(process.argv[2] ?? 1_000_000));
