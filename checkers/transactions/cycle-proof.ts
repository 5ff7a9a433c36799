import type { ToldProof } from "../anomaly-list.ts";
import type { History } from "../history/history.ts";
import type { DependencyCycle } from "./dependency-cycle.ts";
import { REALTIME, SESSION } from "./dependency-graph.ts";
import { UNKNOWN } from "./register-transactions.ts";
import { rowOf, transactionName } from "./transaction-words.ts";

/** Steps of a cycle that are told. */
const stepsTold = 12;
/** Transactions of unknown outcome of which it is told that they happened. */
const outcomesTold = 3;

/** How the transactions of a cycle are called. */
export interface CycleNames {
  /** The transactions of the cycle: a read by one of them shows best what must be shown. */
  readonly nodes: { has(transaction: number): boolean };
  /** `T2`, or `operation 14` for one that is not in the cycle. */
  readonly nameOf: (transaction: number) => string;
}

/** A relation in words, and the transactions that show it. */
export interface ToldRelation {
  readonly text: string;
  readonly shownBy: readonly number[];
}

/** Words what the data tell of transactions. */
export interface RelationWords {
  /** Why one transaction comes before another one. */
  readonly relation: (from: number, to: number, kind: number, names: CycleNames) => ToldRelation;
  /** How it is known that a transaction of unknown outcome happened; null where nothing shows that. */
  readonly happened: (transaction: number, names: CycleNames) => ToldRelation | null;
}

/** The transactions that a cycle is told of. */
interface Named {
  readonly history: History;
  readonly invocation: Int32Array;
  readonly outcome: Uint8Array;
}

/**
 * Tells a cycle: `T1 (operation 3) comes before T2 (operation 7): T1 read …, and T2 appended …. But T2
 * comes before T1: …: a contradiction.` Its rows are those of the transactions beyond the cycle whose reads show
 * why that is so.
 */
export function cycleProof(named: Named, { nodes, kinds }: DependencyCycle, words: RelationWords): ToldProof {
  const shownBy = new Set<number>();
  const places = new Map(nodes.map((node, at) => [node, at + 1]));
  const nameOf = (transaction: number): string =>
    places.has(transaction) ? `T${places.get(transaction)}` : transactionName(named, transaction);
  const cycle: CycleNames = { nodes: places, nameOf };
  const noted = (told: ToldRelation): string => {
    for (const transaction of told.shownBy) shownBy.add(transaction);
    return told.text;
  };
  // Those that are not told are shown, too: the witness is of the whole cycle.
  const steps = nodes.map((from, at) => {
    const to = nodes[(at + 1) % nodes.length]!;
    const why = noted(reason(from, to, kinds[at]!, cycle, words));
    return `${nameOf(from)} comes before ${nameOf(to)}: ${why}`;
  });
  const last = steps.pop();
  const told = nodes.length <= stepsTold ? steps : steps.slice(0, stepsTold - 1);
  const left = steps.length - told.length;
  const more = left > 0 ? [`and so on for ${left} more steps`] : [];
  const names = nodes.map((node, at) => `T${at + 1} = ${transactionName(named, node)}`);
  const shown = names.length <= stepsTold ? names : [...names.slice(0, stepsTold), `… T${names.length}`];
  const unsure = nodes.filter((node) => named.outcome[node] === UNKNOWN);
  const happened = unsure.map((node) => words.happened(node, cycle)).filter((one) => one !== null);
  const outcomes = happened.map(noted).slice(0, outcomesTold);
  if (happened.length > outcomesTold) outcomes.push(`So did ${happened.length - outcomesTold} more happen`);
  const end = outcomes.map((outcome) => `. ${outcome}`).join("");
  const text = `${shown.join(", ")}. ${[...told, ...more].join("; ")}. But ${last}: a contradiction${end}`;
  return { text, rows: [...shownBy].map((transaction) => rowOf(named, transaction)) };
}

function reason(
  from: number,
  to: number,
  kind: number,
  names: CycleNames,
  words: RelationWords,
): ToldRelation {
  const [a, b] = [names.nameOf(from), names.nameOf(to)];
  if (kind === SESSION) {
    return { text: `${a} had ended before ${b} began in the same session`, shownBy: [] };
  }
  if (kind === REALTIME) return { text: `${a} had ended before ${b} began`, shownBy: [] };
  return words.relation(from, to, kind, names);
}
