import type { History } from "../history/history.ts";
import type { IsolationEvidence } from "./isolation-evidence.ts";
import { int32Column } from "./large-columns.ts";
import { rowOf, transactionName } from "./transaction-words.ts";

/** Transactions named in one anomaly. */
const namedAtMost = 4;

/** Transactions that read one state and then wrote over it. */
export interface UpdateGroup {
  readonly transactions: number[];
  /** A micro-operation that read the state. */
  readonly example: number;
}

/** Groups transactions by the state that each read first and then wrote over. Constant time a call. */
export class UpdateGroups {
  /** By state: the first transaction, plus one. */
  readonly #first: Int32Array;
  readonly #later = new Map<number, { transactions: number[]; example: number }>();
  readonly #beyond = new Map<number, number>();

  /** States are numbers; those below `states` are the usual ones. */
  constructor(states: number) {
    this.#first = int32Column(states);
  }

  add(state: number, transaction: number, example: number): void {
    const isUsual = state < this.#first.length;
    const known = isUsual ? this.#first[state]! : (this.#beyond.get(state) ?? 0);
    if (known === 0) {
      if (isUsual) this.#first[state] = transaction + 1;
      else this.#beyond.set(state, transaction + 1);
      return;
    }
    const group = this.#later.get(state);
    if (group === undefined) this.#later.set(state, { transactions: [known - 1, transaction], example });
    else group.transactions.push(transaction);
  }

  /** The groups of at least two transactions, in the order in which that became evident. */
  crowded(): Iterable<UpdateGroup> {
    return this.#later.values();
  }
}

/** Adds that several committed transactions read one state and each wrote over it. */
export function addLostUpdate(
  named: { readonly history: History; readonly invocation: Int32Array },
  evidence: IsolationEvidence,
  transactions: readonly number[],
  seen: () => string,
): void {
  const shown = transactions.slice(0, namedAtMost);
  const [first = 0, ...others] = shown.map((transaction) => rowOf(named, transaction));
  const proof = (): string => {
    const names = shown.map((transaction) => transactionName(named, transaction));
    const last = names.pop();
    const more = transactions.length - shown.length;
    return (
      `${names.join(", ")} and ${last}${more > 0 ? ` (and ${more} more)` : ""} all read ${seen()} and then wrote ` +
      "over it: none of them saw what the others wrote"
    );
  };
  evidence.add({ type: "lost-update", key: -1, rows: [first, ...others], proof });
}
