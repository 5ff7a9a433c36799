import type { RowLockMode } from "./row-lock.ts";
import { rowLocksConflict } from "./row-lock.ts";

/** One statement that stands in the queue of a row. */
export interface QueuePlace {
  readonly backend: number;
  readonly mode: RowLockMode;
  /** Its turn may have come. */
  wake(): void;
}

/**
 * Who waits for a row version: PostgreSQL's heavyweight lock on the tuple. The first in the queue waits
 * for the holder itself, the others wait for those before them. Newcomers who find the row free
 * do not look at the queue: there is no fairness.
 */
export class TupleQueue {
  readonly places: QueuePlace[] = [];

  /** Whether somebody whose lock conflicts stands before this place. */
  mustWait(place: QueuePlace): boolean {
    for (const other of this.places) {
      if (other === place) return false;
      if (rowLocksConflict(other.mode, place.mode)) return true;
    }
    return false;
  }

  /** The backends that this place waits for. */
  ahead(place: QueuePlace): number[] {
    const backends: number[] = [];
    for (const other of this.places) {
      if (other === place) break;
      if (rowLocksConflict(other.mode, place.mode)) backends.push(other.backend);
    }
    return backends;
  }

  /** Leaves, and tells those behind. */
  leave(place: QueuePlace): void {
    const index = this.places.indexOf(place);
    if (index < 0) return;
    this.places.splice(index, 1);
    for (const other of this.places.slice(index)) other.wake();
  }
}
