import { valueText } from "../history/describe-operation.ts";
import type { OrderProblem } from "./order-problem.ts";
import { readText } from "./register-anomalies.ts";
import { COMMITTED, type RegisterTransactions } from "./register-transactions.ts";
import { keyText } from "./transaction-words.ts";

/** That one event came before another one, and why. */
export interface OrderStep {
  readonly from: number;
  readonly to: number;
  /** Empty where it is plain: a transaction takes its snapshot before it commits. */
  readonly words: string;
  /** What it was concluded from: a way that shows that the other possibility would be a cycle. */
  readonly because: readonly OrderStep[];
}

/** Two possibilities of which one must hold, with words for each. */
export interface OrderRule {
  readonly from: number;
  readonly to: number;
  readonly words: string;
  readonly otherFrom: number;
  readonly otherTo: number;
  readonly otherWords: string;
}

/** What a proof about a small problem may use. Transaction `t` of it is called `T(t + 1)`. */
export interface OrderRules {
  readonly steps: readonly OrderStep[];
  readonly rules: readonly OrderRule[];
  readonly nameOf: (event: number) => string;
}

/** Everything that orders the transactions of a problem, in words. Quadratic: for small ones. */
export function orderRules(problem: OrderProblem, txns: RegisterTransactions): OrderRules {
  const { timed, goal } = problem;
  const isSnapshot = goal === "snapshot";
  const { count } = timed;
  const end = (transaction: number): number => (isSnapshot ? count + transaction : transaction);
  const steps: OrderStep[] = [];
  if (isSnapshot) {
    for (let at = 0; at < count; at++) {
      steps.push({ from: at, to: end(at), words: "", because: [] });
    }
  }
  addOrder(problem, end, steps);
  const rules: OrderRule[] = [];
  addReads(problem, txns, end, steps, rules);
  if (isSnapshot) addOverlaps(problem, txns, end, rules);
  const nameOf = (event: number): string => {
    if (!isSnapshot) return `T${event + 1}`;
    return event < count ? `the snapshot of T${event + 1}` : `the commit of T${event - count + 1}`;
  };
  return { steps, rules, nameOf };
}

type End = (transaction: number) => number;

/** What sessions or time demand, and what is assumed of versions. */
function addOrder(problem: OrderProblem, end: End, steps: OrderStep[]): void {
  const { timed, demand, writes, followers } = problem;
  for (let a = 0; a < (demand === "none" ? 0 : timed.count); a++) {
    if (timed.outcome[a] !== COMMITTED) continue;
    for (let b = 0; b < timed.count; b++) {
      if (a === b || timed.completion[a]! >= timed.invocation[b]!) continue;
      if (demand === "session" && timed.session[a] !== timed.session[b]) continue;
      const where = demand === "session" ? " in the same session" : "";
      const words = `T${a + 1} had ended before T${b + 1} began${where}`;
      steps.push({ from: end(a), to: b, words, because: [] });
    }
  }
  for (const [first, second] of followers) {
    const [a, b] = [writes.owner[first]!, writes.owner[second]!];
    const words = `T${b + 1} wrote the same key as T${a + 1}, and later by what is assumed of the order of values`;
    steps.push({ from: end(a), to: b, words, because: [] });
  }
}

function addReads(
  { reads, writes }: OrderProblem,
  txns: RegisterTransactions,
  end: End,
  steps: OrderStep[],
  rules: OrderRule[],
): void {
  for (let read = 0; read < reads.key.length; read++) {
    const reader = reads.owner[read]!;
    const seen = reads.write[read]!;
    const source = seen < 0 ? -1 : writes.owner[seen]!;
    const did = `T${reader + 1} read ${readText(txns, reads.operation[read]!)}`;
    if (source >= 0 && source !== reader) {
      steps.push({ from: end(source), to: reader, words: `${did}, which T${source + 1} wrote`, because: [] });
    }
    for (let write = 0; write < writes.key.length; write++) {
      const by = writes.owner[write]!;
      if (writes.key[write] !== reads.key[read] || by === reader || by === source) continue;
      const wrote = `T${by + 1} wrote ${writeText(txns, writes.version[write]!)}`;
      if (source < 0) {
        const words = `${did}, as it was before all writes, and ${wrote}`;
        steps.push({ from: reader, to: end(by), words, because: [] });
        continue;
      }
      rules.push({
        from: reader,
        to: end(by),
        words: `${did} of T${source + 1}, and ${wrote} after that`,
        otherFrom: end(by),
        otherTo: source,
        otherWords: `${did} of T${source + 1}, and ${wrote} before that read, so before T${source + 1} wrote`,
      });
    }
  }
}

/** Two that write one key do not overlap. */
function addOverlaps(
  { writes }: OrderProblem,
  txns: RegisterTransactions,
  end: End,
  rules: OrderRule[],
): void {
  for (let first = 0; first < writes.key.length; first++) {
    for (let second = first + 1; second < writes.key.length; second++) {
      if (writes.key[first] !== writes.key[second]) continue;
      const [a, b] = [writes.owner[first]!, writes.owner[second]!];
      const key = keyText(txns.keys[txns.versionKey[writes.version[first]!]!]!);
      const words = `T${a + 1} and T${b + 1} both wrote ${key}, so one committed before the other began`;
      rules.push({ from: end(a), to: b, words, otherFrom: end(b), otherTo: a, otherWords: words });
    }
  }
}

function writeText(txns: RegisterTransactions, version: number): string {
  return `${keyText(txns.keys[txns.versionKey[version]!]!)} = ${valueText(txns.versionValue[version] ?? null)}`;
}
