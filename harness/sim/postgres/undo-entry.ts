/** One physical change that a transaction made: taken back when it aborts, settled when it commits. */
export interface UndoEntry {
  /** Takes the change back. */
  undo(): void;
  /** The transaction committed as number `seq`: what the change left behind may be cleaned up later. */
  settle(seq: number): void;
}
