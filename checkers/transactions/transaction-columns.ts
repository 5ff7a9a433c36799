import type { Json } from "../history/operation.ts";
import { KeyNumbers } from "./key-numbers.ts";
import { PairTable, withRoom } from "./pair-table.ts";

/** Transactions and their micro-operations while they are collected, in columns that grow. */
export class TransactionColumns {
  /** Transactions so far, the last one perhaps not complete. */
  count = 0;
  /** Micro-operations so far. */
  size = 0;
  invocation: Int32Array;
  completion: Int32Array;
  session: Int32Array;
  outcome: Uint8Array;
  starts: Int32Array;
  /** 0 for a read, 1 for a write. */
  kind: Uint8Array;
  key: Int32Array;
  /** Number of the pair of key and value; −1 where no value is known. */
  pair: Int32Array;
  owner: Int32Array;
  readonly keys: KeyNumbers = new KeyNumbers();
  readonly pairs: PairTable;
  /** By pair: the micro-operation that wrote it, −1 where nobody did. */
  writer: Int32Array;
  /** By pair: 1 where transactions of which none was aborted wrote it more than once. */
  isAmbiguous: Uint8Array;
  /** First two writes of one pair by different transactions of which none was aborted. */
  ambiguous: readonly [number, number] | null = null;
  readonly #aborted: number;

  /**
   * Columns with room for some `rows` rows of a history. `aborted` is the number that says in `outcome`
   * that a transaction certainly did not happen.
   */
  constructor(rows: number, aborted: number) {
    this.#aborted = aborted;
    const transactions = 2 + (rows >> 1);
    this.invocation = new Int32Array(transactions);
    this.completion = new Int32Array(transactions);
    this.session = new Int32Array(transactions);
    this.outcome = new Uint8Array(transactions);
    this.starts = new Int32Array(transactions);
    const room = 2 ** Math.ceil(Math.log2(rows + 2));
    this.kind = new Uint8Array(room);
    this.key = new Int32Array(room);
    this.pair = new Int32Array(room);
    this.owner = new Int32Array(room);
    this.writer = new Int32Array(room).fill(-1);
    this.isAmbiguous = new Uint8Array(room);
    this.pairs = new PairTable(room);
  }

  /** A transaction begins; the micro-operations that follow are its own. */
  begin(invocation: number, completion: number, session: number, outcome: number): void {
    const at = this.count++;
    if (at + 1 >= this.starts.length) this.#growTransactions();
    this.invocation[at] = invocation;
    this.completion[at] = completion;
    this.session[at] = session;
    this.outcome[at] = outcome;
    this.starts[at] = this.size;
    this.starts[at + 1] = this.size;
  }

  /** The transaction that began last reads `value` of `key`; undefined: what it read is not known. */
  read(key: string | number, value: Json | undefined): void {
    const number = this.keys.intern(key);
    this.#add(0, number, value === undefined ? -1 : this.pairs.intern(number, value));
  }

  /** The transaction that began last writes `value` to `key`. */
  write(key: string | number, value: Json): void {
    const number = this.keys.intern(key);
    const pair = this.pairs.intern(number, value);
    const at = this.#add(1, number, pair);
    while (pair >= this.writer.length) this.#growWriters();
    const known = this.writer[pair]!;
    const own = this.count - 1;
    const isFirst = known < 0 || this.outcome[this.owner[known]!] === this.#aborted;
    if (isFirst || this.owner[known] === own) this.writer[pair] = at;
    else if (this.outcome[own] !== this.#aborted) {
      this.isAmbiguous[pair] = 1;
      this.ambiguous ??= [known, at];
    }
  }

  #add(kind: number, key: number, pair: number): number {
    const at = this.size++;
    if (at === this.kind.length) this.#growOperations();
    this.kind[at] = kind;
    this.key[at] = key;
    this.pair[at] = pair;
    this.owner[at] = this.count - 1;
    this.starts[this.count] = this.size;
    return at;
  }

  #growWriters(): void {
    const { length } = this.writer;
    this.writer = withRoom(this.writer, 2 * length).fill(-1, length);
    const isAmbiguous = new Uint8Array(2 * length);
    isAmbiguous.set(this.isAmbiguous);
    this.isAmbiguous = isAmbiguous;
  }

  #growTransactions(): void {
    const room = 2 * this.starts.length;
    this.invocation = withRoom(this.invocation, room);
    this.completion = withRoom(this.completion, room);
    this.session = withRoom(this.session, room);
    this.starts = withRoom(this.starts, room);
    const outcome = new Uint8Array(room);
    outcome.set(this.outcome);
    this.outcome = outcome;
  }

  #growOperations(): void {
    const room = 2 * this.kind.length;
    this.key = withRoom(this.key, room);
    this.pair = withRoom(this.pair, room);
    this.owner = withRoom(this.owner, room);
    const kind = new Uint8Array(room);
    kind.set(this.kind);
    this.kind = kind;
  }
}
