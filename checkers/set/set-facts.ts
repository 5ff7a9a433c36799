import { FAIL, type History, OK } from "../history/history.ts";
import { identityOf } from "../history/json-value.ts";
import type { Json } from "../history/operation.ts";

/** What is known of one element. Rows of the history; −1 where there is none. */
export interface Element {
  readonly value: Json;
  /** Row where it was first acknowledged. */
  added: number;
  /** Row from which it must be there: acknowledged, or shown by a read. */
  known: number;
  /** Completion of the first and of the last read that shows it. */
  firstRead: number;
  lastRead: number;
  /** Rank of the next read that should show it. */
  nextRank: number;
  /** An `add` of it was sent that has not failed. */
  isAttempted: boolean;
  isStale: boolean;
}

/** One read that was answered. */
export interface SetRead {
  readonly invocation: number;
  readonly row: number;
  readonly elements: readonly Element[];
}

/** What a read shows that it must not. */
export interface OddElement {
  readonly row: number;
  readonly value: Json;
  readonly type: "duplicate-element" | "phantom-element";
}

/** Everything about one set, collected in the order of the history. */
export class SetFacts {
  readonly elements: Map<ReturnType<typeof identityOf>, Element> = new Map();
  readonly reads: SetRead[] = [];
  readonly odd: OddElement[] = [];
  acknowledged = 0;

  /** An invocation of `add`, or its acknowledgement. */
  noteAdd(history: History, row: number): void {
    const mate = history.mate[row]!;
    const isAcknowledged = history.type[row] === OK;
    const element = this.#of(history.value[isAcknowledged ? mate : row] ?? null);
    if (!isAcknowledged) {
      if (mate < 0 || history.type[mate] !== FAIL) element.isAttempted = true;
      return;
    }
    if (element.added < 0) element.added = row;
    if (element.known < 0) element.known = row;
    this.acknowledged++;
  }

  /** An answered read. */
  noteRead(history: History, row: number, shown: readonly Json[]): void {
    const elements: Element[] = [];
    for (const value of shown) {
      const element = this.#of(value);
      if (element.lastRead === row) {
        this.odd.push({ row, value, type: "duplicate-element" });
        continue;
      }
      element.lastRead = row;
      if (element.firstRead < 0) element.firstRead = row;
      if (element.known < 0) element.known = row;
      if (!element.isAttempted) this.odd.push({ row, value, type: "phantom-element" });
      elements.push(element);
    }
    this.reads.push({ invocation: history.mate[row]!, row, elements });
  }

  #of(value: Json): Element {
    const identity = identityOf(value);
    const known = this.elements.get(identity);
    if (known !== undefined) return known;
    const element: Element = {
      value,
      added: -1,
      known: -1,
      firstRead: -1,
      lastRead: -1,
      nextRank: -1,
      isAttempted: false,
      isStale: false,
    };
    this.elements.set(identity, element);
    return element;
  }
}
