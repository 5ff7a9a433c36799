import { operationName, valueText } from "../history/describe-operation.ts";
import type { History } from "../history/history.ts";
import { isSameJson } from "../history/json-value.ts";
import { placedText, type Unplaced } from "./first-unplaced.ts";
import type { ObjectCalls } from "./object-calls.ts";
import type { QueueCalls } from "./queue-calls.ts";
import type { QueueFlaw } from "./queue-flaw.ts";

/** Values that a proof lists. */
const valuesTold = 3;

/** Why a call on a queue has no place, in words. */
export function queueProof(
  history: History,
  calls: ObjectCalls,
  queue: QueueCalls,
  found: Unplaced,
  flaw: QueueFlaw,
): string {
  const until = calls.returned[calls.row.indexOf(history.mate[found.row]!)]! + queue.offset;
  const before = placedText(found, "queue", operationName(history, history.mate[found.row]!));
  const told = new Told(history, calls, queue, until);
  return `${before}, but there is no order with it: ${told.flaw(flaw)}`;
}

class Told {
  readonly #history: History;
  readonly #calls: ObjectCalls;
  readonly #queue: QueueCalls;
  readonly #until: number;

  constructor(history: History, calls: ObjectCalls, queue: QueueCalls, until: number) {
    this.#history = history;
    this.#calls = calls;
    this.#queue = queue;
    this.#until = until;
  }

  flaw(flaw: QueueFlaw): string {
    switch (flaw.kind) {
      case "stray":
        return this.#stray(flaw.dequeue);
      case "overtaken": {
        const [first, second] = [this.#value(flaw.first), this.#value(flaw.second)];
        return `${first} was put in before ${second} and taken out after it`;
      }
      case "in-front": {
        const { left, lost } = flaw;
        const value = this.#value(flaw.value);
        const early = this.#leftBefore(this.#queue.putInFrom[flaw.value]!);
        const [were, them] = left === 1 ? ["was", "it"] : ["were", "all of them"];
        return `${early} ${were} put in before ${value}, and ${nobody(lost, them)} out before that`;
      }
      case "not-empty": {
        const { sent } = this.#queue;
        const call = this.#call(this.#queue.dequeue[flaw.dequeue]!);
        return `${call} found nothing, but at each moment from its invocation to its return something was there: at first ${this.#there(sent[flaw.dequeue]!)}`;
      }
    }
  }

  #stray(dequeue: number): string {
    const { output } = this.#calls.calls[this.#queue.dequeue[dequeue]!]!;
    const { values, takenBy, putInFrom, returned } = this.#queue;
    const value = values.findIndex(
      (one, at) => isSameJson(one, output ?? null) && putInFrom[at]! < returned[dequeue]!,
    );
    if (value < 0) return `it answered ${valueText(output)}, which nobody had put in by then`;
    const other = this.#call(this.#queue.dequeue[takenBy[value]!]!);
    return `it answered ${this.#value(value)}, which ${other} had taken out`;
  }

  /** What must have been there at a moment. */
  #there(moment: number): string {
    const { values, putInBy, takenBy, sent, returned } = this.#queue;
    for (let value = 0; value < values.length; value++) {
      const dequeue = takenBy[value]!;
      if (dequeue < 0 || returned[dequeue]! > this.#until) continue;
      if (Math.min(putInBy[value]!, returned[dequeue]!) <= moment && moment < sent[dequeue]!) {
        return this.#value(value);
      }
    }
    return this.#leftBefore(moment);
  }

  /** The values that were certainly in at a moment, and that nobody took out. */
  #leftBefore(moment: number): string {
    const { values, putInBy, takenBy, returned } = this.#queue;
    const left = [...values.keys()].filter((value) => {
      const dequeue = takenBy[value]!;
      return putInBy[value]! <= moment && (dequeue < 0 || returned[dequeue]! > this.#until);
    });
    const named = left.slice(0, valuesTold).map((value) => this.#value(value));
    return left.length > valuesTold
      ? `${named.join(", ")} and ${left.length - valuesTold} more`
      : named.join(" and ");
  }

  /** A value and who put it in. */
  #value(value: number): string {
    const enqueue = this.#queue.enqueue[value]!;
    const by = enqueue < 0 ? "there at the start" : this.#call(enqueue);
    return `${valueText(this.#queue.values[value])} (${by})`;
  }

  #call(call: number): string {
    return operationName(this.#history, this.#calls.row[call]!);
  }
}

/** Who did not take out what was left. */
function nobody(lost: number, them: string): string {
  if (lost === 0) return `nobody took ${them}`;
  const those = lost === 1 ? "the one dequeue" : `the ${lost} dequeues`;
  return `${those} without an answer that had been sent cannot have taken ${them}`;
}
