import type { HistoryEvent, Json } from "../../checkers/history/operation.ts";
import type { ChoiceTape } from "./choice-tape.ts";

/** Isolation levels that the store has; each is what it says and no more. */
export type StoreLevel =
  | "read-uncommitted"
  | "read-committed"
  | "snapshot-isolation"
  | "strong-snapshot-isolation"
  | "serializable"
  | "strict-serializable";

/** What is simulated. */
export interface TransactionSimulation {
  readonly level: StoreLevel;
  /** Appends to lists, or writes of registers. */
  readonly kind: "list" | "register";
  readonly clients: number;
  readonly transactions: number;
  readonly keys: number;
  /** Micro-operations of a transaction at most. */
  readonly length: number;
  /** One in this many ends with an unknown outcome; 0: none. */
  readonly unknownEvery: number;
  /** Does a last transaction read all keys, so that every value that was installed is seen? */
  readonly readsAll: boolean;
}

type Operation = [string, string, Json];

interface Transaction {
  readonly client: number;
  readonly process: number;
  readonly operations: Operation[];
  done: number;
  /** Commits that its snapshot has. */
  snapshot: number;
  readonly seen: Json[];
  readonly own: { readonly key: string; readonly value: number }[];
}

interface Commit {
  readonly key: string;
  readonly value: number;
}

/** Events of a multi-version store under clients whose transactions interleave as the tape says. */
export function simulateTransactions(tape: ChoiceTape, simulation: TransactionSimulation): HistoryEvent[] {
  return new Simulation(tape, simulation).run();
}

class Simulation {
  readonly #tape: ChoiceTape;
  readonly #settings: TransactionSimulation;
  readonly #events: HistoryEvent[] = [];
  readonly #open: Transaction[] = [];
  /** Committed writes, grouped by commit; with read uncommitted those that are not committed lie beside. */
  readonly #commits: Commit[][] = [];
  readonly #dirty: { readonly by: Transaction; readonly key: string; readonly value: number }[] = [];
  readonly #idle: number[];
  readonly #processes: number[];
  #nextProcess: number;
  #nextValue = 1;

  constructor(tape: ChoiceTape, settings: TransactionSimulation) {
    this.#tape = tape;
    this.#settings = settings;
    this.#idle = Array.from({ length: settings.clients }, (_, client) => client);
    this.#processes = [...this.#idle];
    this.#nextProcess = settings.clients;
  }

  run(): HistoryEvent[] {
    let left = this.#settings.transactions;
    while (left > 0 || this.#open.length > 0) {
      const mayBegin = left > 0 && this.#idle.length > 0;
      if (mayBegin && (this.#open.length === 0 || this.#tape.below(3) === 0)) {
        left--;
        this.#begin(this.#plan());
      } else this.#step(this.#tape.pick(this.#open));
    }
    if (this.#settings.readsAll) {
      const all = Array.from({ length: this.#settings.keys }, (_, key): Operation => ["r", `k${key}`, null]);
      this.#idle.length = 0;
      this.#idle.push(this.#settings.clients);
      this.#processes.push(this.#nextProcess++);
      this.#begin(all, true);
      while (this.#open.length > 0) this.#step(this.#open[0]!);
    }
    return this.#events;
  }

  #plan(): Operation[] {
    const { length, keys, kind } = this.#settings;
    return Array.from({ length: 1 + this.#tape.below(length) }, (): Operation => {
      const key = `k${this.#tape.below(keys)}`;
      if (this.#tape.below(2) === 0) return ["r", key, null];
      return [kind === "list" ? "append" : "w", key, this.#nextValue++];
    });
  }

  #begin(operations: Operation[], isLast = false): void {
    const client = this.#idle.splice(this.#tape.below(this.#idle.length), 1)[0]!;
    const process = this.#processes[client]!;
    this.#push(
      "invoke",
      client,
      process,
      operations.map((operation) => [...operation]),
    );
    const { level } = this.#settings;
    const isStale = level === "snapshot-isolation" || level === "serializable";
    const isReading = operations.every(([f]) => f === "r");
    const missing =
      isStale && !isLast && (isReading || level === "snapshot-isolation") ? this.#tape.below(4) : 0;
    const snapshot = Math.max(0, this.#commits.length - missing);
    this.#open.push({ client, process, operations, done: 0, snapshot, seen: [], own: [] });
  }

  /** The next micro-operation, or the end. With serializable levels all of them at once. */
  #step(transaction: Transaction): void {
    const { level } = this.#settings;
    const isAtOnce = level === "serializable" || level === "strict-serializable";
    const isWhole = transaction.done === transaction.operations.length;
    if (isWhole) this.#end(transaction, isAtOnce || this.#commit(transaction));
    else if (!isAtOnce) {
      if (!this.#perform(transaction)) this.#end(transaction, false);
    } else {
      const isReading = transaction.operations.every(([f]) => f === "r");
      // What only reads may be of the past, unless the level forbids it.
      if (!isReading || level !== "serializable") transaction.snapshot = this.#commits.length;
      while (transaction.done < transaction.operations.length) this.#perform(transaction);
      this.#install(transaction);
    }
  }

  /** Commits, unless another was first or the client gives up. */
  #commit(transaction: Transaction): boolean {
    const hasConflict = this.#commits
      .slice(transaction.snapshot)
      .some((commit) => commit.some(({ key }) => transaction.own.some((own) => own.key === key)));
    if (this.#settings.level.endsWith("snapshot-isolation") && hasConflict) return false;
    if (this.#tape.once(12)) return false;
    this.#install(transaction);
    return true;
  }

  /** Performs the next micro-operation; false where the transaction has to give up. */
  #perform(transaction: Transaction): boolean {
    const { level, kind } = this.#settings;
    const [f, key, value] = transaction.operations[transaction.done++]!;
    if (f !== "r") {
      if (level.startsWith("read-")) {
        // A lock until the end; whoever finds it taken gives up.
        if (this.#dirty.some((dirty) => dirty.key === key && dirty.by !== transaction)) return false;
        this.#dirty.push({ by: transaction, key, value: value as number });
      }
      transaction.own.push({ key, value: value as number });
      transaction.seen.push(value);
      return true;
    }
    const isLatest = level === "read-uncommitted" || level === "read-committed";
    const commits = isLatest ? this.#commits : this.#commits.slice(0, transaction.snapshot);
    const beside = level === "read-uncommitted" ? this.#dirty : transaction.own;
    const values = [...commits.flat(), ...beside]
      .filter((write) => write.key === key)
      .map((write) => write.value);
    transaction.seen.push(kind === "list" ? values : (values.at(-1) ?? null));
    return true;
  }

  #install(transaction: Transaction): void {
    if (transaction.own.length > 0) this.#commits.push([...transaction.own]);
  }

  #end(transaction: Transaction, isCommitted: boolean): void {
    const { client, process, operations, seen } = transaction;
    for (let at = this.#dirty.length - 1; at >= 0; at--) {
      if (this.#dirty[at]!.by === transaction) this.#dirty.splice(at, 1);
    }
    this.#open.splice(this.#open.indexOf(transaction), 1);
    this.#idle.push(client);
    const { unknownEvery } = this.#settings;
    if (unknownEvery > 0 && this.#tape.once(unknownEvery)) {
      this.#push(
        "info",
        client,
        process,
        operations.map((operation) => [...operation]),
      );
      this.#processes[client] = this.#nextProcess++;
      return;
    }
    const told = operations.map(([f, key, value], at) => [f, key, isCommitted ? seen[at]! : value]);
    this.#push(isCommitted ? "ok" : "fail", client, process, told);
  }

  #push(type: "invoke" | "ok" | "fail" | "info", client: number, process: number, value: Json): void {
    const index = this.#events.length;
    this.#events.push({ index, time: index, type, process, client, f: "txn", value });
  }
}
