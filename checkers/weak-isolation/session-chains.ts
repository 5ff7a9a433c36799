import { COMMITTED, type RegisterTransactions } from "../transactions/register-transactions.ts";

/**
 * Session order: every transaction that happened has a place in one chain. Of two transactions of a chain
 * the one with the smaller position was acknowledged before the other one was sent.
 */
export interface SessionChains {
  /** Number of chains. */
  readonly count: number;
  /** Chain of each transaction; −1 where it did not happen. */
  readonly chain: Int32Array;
  /** Position in the chain, from 1. */
  readonly position: Int32Array;
  /** The transaction that comes right before in session order, −1 where there is none. */
  readonly previous: Int32Array;
  /** Transactions chain by chain, by rising position. */
  readonly order: Int32Array;
  /** Length `count + 1`: chain `c` owns `order` from `starts[c]` up to `starts[c + 1]`. */
  readonly starts: Int32Array;
}

/**
 * One chain for each session. A session whose acknowledged transactions overlap has one chain for each of its
 * processes: what ran at the same time is in no order. A transaction of unknown outcome (one that was read)
 * follows those acknowledged before it was sent, and nothing follows it, as it may have taken effect at
 * any later time: it is a chain by itself. Linear.
 */
export function sessionChains(transactions: RegisterTransactions, happened: Uint8Array): SessionChains {
  const { history, count, invocation, completion, session, outcome } = transactions;
  const overlaps = overlappingSessions(transactions);
  const chain = new Int32Array(count).fill(-1);
  const position = new Int32Array(count);
  const previous = new Int32Array(count).fill(-1);
  const bySession = new Int32Array(history.sessions.length).fill(-1);
  const byProcess = new Int32Array(history.processes.length).fill(-1);
  const tails: number[] = [];
  for (let t = 0; t < count; t++) {
    if (happened[t] === 0) continue;
    const isSplit = overlaps[session[t]!] === 1;
    const known = isSplit ? byProcess : bySession;
    const owner = isSplit ? history.process[invocation[t]!]! : session[t]!;
    const own = known[owner]!;
    const tail = own < 0 ? -1 : tails[own]!;
    if (outcome[t] !== COMMITTED) {
      const isOver = tail < 0 || completion[tail]! < invocation[t]!;
      previous[t] = isOver ? tail : previous[tail]!;
      chain[t] = tails.length;
      position[t] = 1;
      tails.push(t);
      continue;
    }
    if (own < 0) {
      known[owner] = tails.length;
      tails.push(t);
    } else tails[own] = t;
    chain[t] = known[owner]!;
    previous[t] = tail;
    position[t] = tail < 0 ? 1 : position[tail]! + 1;
  }
  return { count: tails.length, chain, position, previous, ...chainOrder(chain, tails.length) };
}

/** 1 for each session of which two acknowledged transactions were under way at the same time. */
function overlappingSessions(transactions: RegisterTransactions): Uint8Array {
  const { history, count, invocation, completion, session, outcome } = transactions;
  const overlaps = new Uint8Array(history.sessions.length);
  const lastDone = new Int32Array(history.sessions.length).fill(-1);
  for (let t = 0; t < count; t++) {
    if (outcome[t] !== COMMITTED) continue;
    const own = session[t]!;
    if (invocation[t]! < lastDone[own]!) overlaps[own] = 1;
    if (completion[t]! > lastDone[own]!) lastDone[own] = completion[t]!;
  }
  return overlaps;
}

function chainOrder(chain: Int32Array, chains: number): Pick<SessionChains, "order" | "starts"> {
  const starts = new Int32Array(chains + 1);
  for (let t = 0; t < chain.length; t++) if (chain[t]! >= 0) starts[chain[t]! + 1]!++;
  for (let c = 0; c < chains; c++) starts[c + 1]! += starts[c]!;
  const filled = starts.slice(0, chains);
  const order = new Int32Array(starts[chains]!);
  for (let t = 0; t < chain.length; t++) if (chain[t]! >= 0) order[filled[chain[t]!]!++] = t;
  return { order, starts };
}
