import { sessionName } from "../history/describe-operation.ts";
import type { CycleStep, FoundCycle } from "./cycle-search.ts";
import type { HappensBefore } from "./happens-before.ts";
import type { InferredEdges } from "./inferred-edges.ts";
import { introduced, keyText, named, transactionRow, versionText } from "./transaction-words.ts";
import type { VisibleHistory } from "./visible-history.ts";
import { readFrom, type VisibleStep, visiblePath } from "./visible-path.ts";

/** What is shown: the transactions in the order in which the words name them, and the words. */
export interface IsolationProof {
  readonly transactions: readonly number[];
  readonly text: string;
}

/** Steps that are worded; a longer proof is shown in part. */
export const stepsMax = 24;

/** Words one proof. */
export class ProofWriter {
  readonly #history: VisibleHistory;
  readonly #before: HappensBefore;
  readonly #mentioned = new Set<number>();

  /** A writer of one proof: each transaction is introduced at its first mention. */
  constructor(history: VisibleHistory, before: HappensBefore) {
    this.#history = history;
    this.#before = before;
  }

  /** A cycle of what must commit before what. */
  cycle(steps: FoundCycle, edges: InferredEdges): IsolationProof {
    const joined = this.inSessions(steps);
    const shown = joined.length > stepsMax ? joined.slice(0, stepsMax - 1) : joined;
    const text = shown.map((step) => this.#step(step, edges)).join("; ");
    const left = joined.length - shown.length;
    const rest = left === 0 ? "" : `; and so on, in ${left} more steps back to ${this.name(joined[0]!.from)}`;
    return this.proof(`${text}${rest}: so each would have to commit before itself`);
  }

  /** A read of the value before any write although a writer of the key is visible. */
  ofInitial(seen: number, read: number): IsolationProof {
    const reader = this.#history.transactions.owner[this.#history.reads.at[read]!]!;
    const text = `${this.read(read)}, which was there before any write, although `;
    return this.proof(
      `${text}${this.#sees(seen, reader)}, and ${named(this.#history.transactions, seen)} wrote ${this.key(read)}`,
    );
  }

  /** Two reads of one key by one transaction from different transactions. */
  notRepeatable(first: number, second: number): IsolationProof {
    return this.proof(
      `${this.read(first)}${this.source(first)}, and then ${this.#value(second)}${this.source(second)}`,
    );
  }

  /** Steps that follow each other in one session are taken at once. */
  inSessions(steps: FoundCycle): FoundCycle {
    const { chain } = this.#history.chains;
    const isOne = (step: CycleStep | undefined): step is CycleStep =>
      step !== undefined && step.inferred < 0 && chain[step.from] === chain[step.to];
    const joined: CycleStep[] = [];
    for (const step of steps) {
      const last = joined.at(-1);
      if (isOne(last) && isOne(step)) joined[joined.length - 1] = { ...last, to: step.to };
      else joined.push(step);
    }
    return joined;
  }

  #step({ from, to, inferred }: CycleStep, edges: InferredEdges): string {
    return inferred >= 0 ? this.#inferredStep(from, edges.read[inferred]!) : this.happened(from, to);
  }

  /** Why `from` happened right before `to`, or before it in its session. */
  happened(from: number, to: number): string {
    const { chain } = this.#history.chains;
    const read = chain[from] === chain[to] ? -1 : readFrom(this.#history, to, from);
    return this.#visible({ from, to, read });
  }

  #inferredStep(seen: number, read: number): string {
    const { transactions, reads } = this.#history;
    const reader = transactions.owner[reads.at[read]!]!;
    const start = `${this.read(read)}${this.source(read)}`;
    const sees = this.#sees(seen, reader);
    const names = `${named(transactions, seen)} wrote ${this.key(read)} too`;
    const order = `${named(transactions, seen)} commits before ${named(transactions, reads.writer[read]!)}`;
    return `${start}, although ${sees}, and ${names}, so ${order}`;
  }

  /** Why `seen` is visible to `reader`. */
  #sees(seen: number, reader: number): string {
    const path = visiblePath(this.#history, this.#before, seen, reader);
    return path.map((step) => this.#visible(step)).join(", ");
  }

  #visible({ from, to, read }: VisibleStep): string {
    if (read >= 0) return `${this.read(read)}${this.source(read)}`;
    const { transactions } = this.#history;
    const session = sessionName(transactions.history, transactionRow(transactions, to));
    return `${this.name(from)} was done when ${session} began ${this.name(to)}`;
  }

  /** `T14 read 3 of x`. */
  read(read: number): string {
    const { transactions, reads } = this.#history;
    const reader = this.name(transactions.owner[reads.at[read]!]!);
    return `${reader} read ${this.#value(read)} of ${this.key(read)}`;
  }

  /** ` from T3`; nothing where that is what was there before any write. */
  source(read: number): string {
    const source = this.#history.reads.writer[read]!;
    return source < 0 ? "" : ` from ${this.name(source)}`;
  }

  #value(read: number): string {
    const { transactions, reads } = this.#history;
    return versionText(transactions, transactions.version[reads.at[read]!]!);
  }

  /** The key that a read is of. */
  key(read: number): string {
    return keyText(this.#history.transactions, this.#history.reads.key[read]!);
  }

  /** `T14`, introduced where it is not mentioned yet. */
  name(t: number): string {
    const { transactions } = this.#history;
    if (this.#mentioned.has(t)) return named(transactions, t);
    this.#mentioned.add(t);
    return introduced(transactions, t);
  }

  /** The words, with what they mention. */
  proof(text: string): IsolationProof {
    return { transactions: [...this.#mentioned], text };
  }
}
