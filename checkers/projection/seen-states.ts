import { CompletionQueue } from "../history/completion-queue.ts";

interface Shown {
  readonly number: number;
  readonly read: number;
}

/**
 * How far each session has seen one entity. In columns that are used again for the next entity, since a session
 * mostly has one read under way: only where several overlap a queue is made.
 */
export class SeenStates {
  readonly #slots = new Map<number, number>();
  /** By slot: the entity that the columns speak of. */
  readonly #entity: number[] = [];
  readonly #number: number[] = [];
  readonly #by: number[] = [];
  /** By slot: a read that was not completed when the last one was sent, and the state that it shows; −1. */
  readonly #read: number[] = [];
  readonly #readNumber: number[] = [];
  readonly #others = new Map<number, CompletionQueue<Shown>>();
  #current = 0;

  /** What follows is about another entity. */
  startEntity(): void {
    this.#current++;
    this.#others.clear();
  }

  /** The slot of a session, with what it was shown by reads that were completed before `row`. */
  slotOf(session: number, row: number): number {
    let slot = this.#slots.get(session);
    if (slot === undefined) {
      slot = this.#slots.size;
      this.#slots.set(session, slot);
    }
    if (this.#entity[slot] !== this.#current) this.#clear(slot);
    const read = this.#read[slot]!;
    if (read >= 0 && read < row) {
      this.#take(slot, this.#readNumber[slot]!, read);
      this.#read[slot] = -1;
    }
    const others = this.#others.get(slot);
    if (others !== undefined) {
      for (let done = others.popBefore(row); done !== undefined; done = others.popBefore(row)) {
        this.#take(slot, done.number, done.read);
      }
    }
    return slot;
  }

  /** Number of the state that the session was shown at least. */
  numberOf(slot: number): number {
    return this.#number[slot]!;
  }

  /** The read that showed it; −1. */
  shownBy(slot: number): number {
    return this.#by[slot]!;
  }

  /** A read shows the state `number`; it is completed at the row `read`. */
  show(slot: number, number: number, read: number): void {
    if (this.#read[slot]! < 0) {
      this.#read[slot] = read;
      this.#readNumber[slot] = number;
      return;
    }
    let others = this.#others.get(slot);
    if (others === undefined) {
      others = new CompletionQueue();
      this.#others.set(slot, others);
    }
    others.push(read, { number, read });
  }

  /** Of two reads that showed one state the one that was completed first counts. */
  #take(slot: number, number: number, read: number): void {
    const known = this.#number[slot]!;
    if (number < known || (number === known && (this.#by[slot]! < 0 || read > this.#by[slot]!))) return;
    this.#number[slot] = number;
    this.#by[slot] = read;
  }

  #clear(slot: number): void {
    this.#entity[slot] = this.#current;
    this.#number[slot] = 0;
    this.#by[slot] = -1;
    this.#read[slot] = -1;
    this.#readNumber[slot] = 0;
  }
}
