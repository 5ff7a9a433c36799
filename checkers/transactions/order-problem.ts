import { EdgeList } from "./dependency-graph.ts";
import type { OrderDemand } from "./isolation-levels.ts";
import { addRealTimeOrder, addSessionOrder, type Timed } from "./order-edges.ts";
import type { VersionSuccessors } from "./register-dependencies.ts";
import { COMMITTED, READ, type RegisterTransactions } from "./register-transactions.ts";
import { isInstalled, type RegisterVersions } from "./register-versions.ts";

/** What all transactions together must have been. */
export type OrderGoal = "serial" | "snapshot";

/** What transactions read from others and left behind: all that an order of them has to explain. */
export interface OrderProblem {
  readonly goal: OrderGoal;
  readonly demand: OrderDemand;
  readonly timed: Timed;
  /** 1 for each transaction that happened. */
  readonly happened: Uint8Array;
  /** Number of each transaction in the history. */
  readonly transaction: Int32Array;
  readonly keys: number;
  readonly writes: {
    readonly key: Int32Array;
    readonly owner: Int32Array;
    /** Number of the version in the history. */
    readonly version: Int32Array;
  };
  readonly reads: {
    readonly key: Int32Array;
    readonly owner: Int32Array;
    /** The write of what was read; −1: what was there before all writes. */
    readonly write: Int32Array;
    /** Number of the micro-operation in the history. */
    readonly operation: Int32Array;
  };
  /** Pairs of writes of one key of which the first is known to come first. */
  readonly followers: readonly (readonly [number, number])[];
}

/** The relations that sessions or time demand, and the transactions and moments that they relate. */
export function demandedOrder({ demand, timed, happened }: OrderProblem): { edges: EdgeList; nodes: number } {
  const edges = new EdgeList(demand === "none" ? 0 : 2 * timed.count);
  let nodes = timed.count;
  if (demand === "session") addSessionOrder(edges, timed, happened);
  if (demand === "real-time") nodes = addRealTimeOrder(edges, timed, happened, nodes);
  return { edges, nodes };
}

/** The problem of a whole history. Reads of what nobody left behind are no part of it. Linear. */
export function orderProblem(
  txns: RegisterTransactions,
  facts: RegisterVersions,
  successors: VersionSuccessors,
  goal: OrderGoal,
  demand: OrderDemand,
): OrderProblem {
  const { count, starts, kind, version, owner, outcome, writer, versionKey, keys } = txns;
  const writeOf = new Int32Array(writer.length).fill(-1);
  const installed: number[] = [];
  for (let at = keys.length; at < writer.length; at++) {
    if (!isInstalled(txns, facts, at)) continue;
    writeOf[at] = installed.length;
    installed.push(at);
  }
  const reads: number[] = [];
  for (let at = 0; at < starts[count]!; at++) {
    const seen = version[at]!;
    if (kind[at] !== READ || facts.previous[at]! >= 0 || seen < 0 || outcome[owner[at]!] !== COMMITTED)
      continue;
    if (seen === facts.initial[txns.key[at]!] || writeOf[seen]! >= 0) reads.push(at);
  }
  const { heads, targets } = successors.certain;
  const followers: [number, number][] = [];
  for (const from of installed) {
    for (let at = heads[from]!; at < heads[from + 1]!; at++) {
      followers.push([writeOf[from]!, writeOf[targets[at]!]!]);
    }
  }
  return {
    goal,
    demand,
    timed: txns,
    happened: facts.happened,
    transaction: Int32Array.from({ length: count }, (_, at) => at),
    keys: keys.length,
    writes: {
      key: Int32Array.from(installed, (at) => versionKey[at]!),
      owner: Int32Array.from(installed, (at) => owner[writer[at]!]!),
      version: Int32Array.from(installed),
    },
    reads: {
      key: Int32Array.from(reads, (at) => txns.key[at]!),
      owner: Int32Array.from(reads, (at) => owner[at]!),
      write: Int32Array.from(reads, (at) => writeOf[version[at]!]!),
      operation: Int32Array.from(reads),
    },
    followers,
  };
}

/**
 * The problem of some transactions of one, as if there had been no others: an order that explains the whole
 * explains it too. What was read from others is left out. As many steps as the whole has transactions and operations.
 */
export function withOnly(problem: OrderProblem, kept: readonly number[]): OrderProblem {
  const { timed, writes, reads } = problem;
  const place = new Int32Array(timed.count).fill(-1);
  const sorted = [...kept].sort((a, b) => a - b);
  for (const [at, transaction] of sorted.entries()) place[transaction] = at;
  const keptWrites = numbersWhere(writes.owner.length, (at) => place[writes.owner[at]!]! >= 0);
  const writeOf = new Int32Array(writes.owner.length).fill(-1);
  for (const [at, write] of keptWrites.entries()) writeOf[write] = at;
  const keptReads = numbersWhere(reads.owner.length, (at) => {
    const write = reads.write[at]!;
    return place[reads.owner[at]!]! >= 0 && (write < 0 || writeOf[write]! >= 0);
  });
  const keyNumbers = new Map<number, number>();
  const keyOf = (key: number): number => {
    const known = keyNumbers.get(key) ?? keyNumbers.size;
    keyNumbers.set(key, known);
    return known;
  };
  return {
    goal: problem.goal,
    demand: problem.demand,
    timed: timesOf(timed, sorted),
    happened: new Uint8Array(sorted.length).fill(1),
    transaction: Int32Array.from(sorted, (at) => problem.transaction[at]!),
    writes: {
      key: Int32Array.from(keptWrites, (at) => keyOf(writes.key[at]!)),
      owner: Int32Array.from(keptWrites, (at) => place[writes.owner[at]!]!),
      version: Int32Array.from(keptWrites, (at) => writes.version[at]!),
    },
    reads: {
      key: Int32Array.from(keptReads, (at) => keyOf(reads.key[at]!)),
      owner: Int32Array.from(keptReads, (at) => place[reads.owner[at]!]!),
      write: Int32Array.from(keptReads, (at) => (reads.write[at]! < 0 ? -1 : writeOf[reads.write[at]!]!)),
      operation: Int32Array.from(keptReads, (at) => reads.operation[at]!),
    },
    keys: keyNumbers.size,
    followers: problem.followers
      .filter(([from, to]) => writeOf[from]! >= 0 && writeOf[to]! >= 0)
      .map(([from, to]) => [writeOf[from]!, writeOf[to]!]),
  };
}

function numbersWhere(count: number, isWanted: (at: number) => boolean): number[] {
  const found: number[] = [];
  for (let at = 0; at < count; at++) if (isWanted(at)) found.push(at);
  return found;
}

/** Of some transactions when they began and ended, in rows of which each is one of these events. */
function timesOf(timed: Timed, sorted: readonly number[]): Timed {
  const { invocation, completion, session, outcome } = timed;
  const rows = sorted.flatMap((at) => [invocation[at]!, completion[at]!]).filter((row) => row >= 0);
  const row = new Map(rows.sort((a, b) => a - b).map((own, at) => [own, at]));
  return {
    history: { length: rows.length },
    count: sorted.length,
    invocation: Int32Array.from(sorted, (at) => row.get(invocation[at]!)!),
    completion: Int32Array.from(sorted, (at) => row.get(completion[at]!) ?? -1),
    session: Int32Array.from(sorted, (at) => session[at]!),
    outcome: Uint8Array.from(sorted, (at) => outcome[at]!),
  };
}
