import { withRoom } from "../transactions/pair-table.ts";

/**
 * "`before` must commit before `after`", because of a read: its transaction sees `before`, which writes
 * the key, but read the value of `after`. In columns that grow.
 */
export class InferredEdges {
  count = 0;
  before: Int32Array = new Int32Array(64);
  after: Int32Array = new Int32Array(64);
  /** Number of the external read. */
  read: Int32Array = new Int32Array(64);
  /** Transactions that are seen by a reader of the value before any write, each with the read after it. */
  readonly ofInitial: { readonly seen: number; readonly read: number }[] = [];
  /** How many of them there are; not all are kept. */
  initialCount = 0;
  /** Reads of a key that their transaction had read from another one before. */
  readonly repeats: number[] = [];
  /** How many of them there are; not all are kept. */
  repeatCount = 0;
  readonly #keptMax: number;

  /** Keeps at most `keptMax` reads of the value before any write, and as many that are not repeatable. */
  constructor(keptMax: number) {
    this.#keptMax = keptMax;
  }

  /** Bytes of the columns. */
  get memoryBytes(): number {
    return 12 * this.before.length;
  }

  /** Adds an edge; `after` −1 is the value before any write, which nothing can precede. */
  add(before: number, after: number, read: number): void {
    if (after < 0) {
      this.initialCount++;
      if (this.ofInitial.length < this.#keptMax) this.ofInitial.push({ seen: before, read });
      return;
    }
    if (this.count === this.before.length) this.#grow();
    this.before[this.count] = before;
    this.after[this.count] = after;
    this.read[this.count++] = read;
  }

  /** Adds a read that is not repeatable. */
  addRepeat(read: number): void {
    this.repeatCount++;
    if (this.repeats.length < this.#keptMax) this.repeats.push(read);
  }

  #grow(): void {
    this.before = withRoom(this.before, 2 * this.count);
    this.after = withRoom(this.after, 2 * this.count);
    this.read = withRoom(this.read, 2 * this.count);
  }
}
