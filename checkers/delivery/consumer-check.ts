import type { DemandedConsumer } from "./delivery-demands.ts";
import { COMMITTED, HANDLED, PARKED, PUBLISHED } from "./delivery-records.ts";
import type { DeliveryTask } from "./delivery-task.ts";
import {
  addBlocked,
  addHandledAlthoughParked,
  addPhantomEffect,
  addReorderedEffect,
  addRepeatedEffect,
  addUnhandled,
  type StreamSubject,
} from "./delivery-wording.ts";

/** Judges what one consumer after the other did with a stream, once the table is filled with the stream. */
export class ConsumerCheck {
  readonly #task: DeliveryTask;
  /** Positions of the effects of the consumer under judgement, in the order of the history. */
  readonly #effects: number[] = [];

  /** Nothing is judged before {@link consumer} and {@link demanded}. */
  constructor(task: DeliveryTask) {
    this.#task = task;
  }

  /** One consumer that did something with the stream: n log n at worst, linear where effects are in order. */
  consumer(subject: StreamSubject, consumer: number, demand: DemandedConsumer | undefined): void {
    const { table, rules } = this.#task;
    table.fillConsumer(consumer, this.#effects);
    for (const at of this.#effects) this.#effect(subject, at);
    if (rules.isOrdered) this.#order(subject);
    if (demand !== undefined) this.demanded(subject, demand);
    table.clearConsumer(consumer);
  }

  /** What a consumer had to handle. The table holds what it did, if it did anything. */
  demanded(subject: StreamSubject, { name, needs }: DemandedConsumer): void {
    const { records, table, rules } = this.#task;
    if (records.isComplete[HANDLED] !== true) return;
    const isPublishedKnown = rules.hasPublications && records.isComplete[PUBLISHED] === true;
    let blocker = -2;
    for (const commit of table.commits) {
      const id = records.message[commit]!;
      if (table.effects[id]! > 0 || table.parked[id]! >= 0) continue;
      if (!needs(records.messageKind[commit]!)) continue;
      // What never reached the bus is reported as lost there.
      if (isPublishedKnown && table.published[id]! < 0) continue;
      if (blocker === -2) blocker = this.#blocker();
      if (blocker < 0 || !(records.order[commit]! > records.order[blocker]!)) {
        addUnhandled(subject, name, commit);
        continue;
      }
      const parked = table.parked[records.message[blocker]!]!;
      addBlocked(subject, name, parked < 0 ? blocker : parked, commit, parked >= 0);
    }
  }

  #effect(subject: StreamSubject, at: number): void {
    const { records, table, rules } = this.#task;
    const { isComplete } = records;
    const id = records.message[at]!;
    if (table.handled[id] !== at) return;
    const count = table.effects[id]!;
    if (count > 1) addRepeatedEffect(subject, at, table.handledAgain[id]!, count);
    if (table.committed[id]! < 0 && isComplete[COMMITTED] === true)
      addPhantomEffect(subject, at, "committed");
    else if (table.published[id]! < 0 && rules.hasPublications && isComplete[PUBLISHED] === true) {
      addPhantomEffect(subject, at, "published");
    }
    const parked = table.parked[id]!;
    if (parked >= 0 && isComplete[HANDLED] === true && isComplete[PARKED] === true) {
      addHandledAlthoughParked(subject, at, parked);
    }
  }

  /** First effects in the order of the commits: by `at` where every effect has one, else as recorded. */
  #order(subject: StreamSubject): void {
    const { records, table } = this.#task;
    const { order, message } = records;
    const effects = this.#effects;
    const isTimed = effects.every((at) => !Number.isNaN(order[at]!));
    if (isTimed && !isRising(effects, order)) effects.sort((a, b) => order[a]! - order[b]!);
    const sequence = (at: number): number => order[table.committed[message[at]!]!]!;
    const isFirst = this.#firstEffects(isTimed);
    let highest = -1;
    for (let begin = 0; begin < effects.length; ) {
      let end = begin + 1;
      while (isTimed && end < effects.length && order[effects[end]!] === order[effects[begin]!]) end++;
      let next = highest;
      for (; begin < end; begin++) {
        const at = effects[begin]!;
        if (!isFirst(at) || table.committed[message[at]!]! < 0 || Number.isNaN(sequence(at))) continue;
        if (highest >= 0 && sequence(at) < sequence(highest)) addReorderedEffect(subject, highest, at);
        else if (next < 0 || sequence(at) > sequence(next)) next = at;
      }
      highest = next;
    }
  }

  /** Of several effects of one message the first counts: the earliest by `at`, or the first that was recorded. */
  #firstEffects(isTimed: boolean): (at: number) => boolean {
    const { records, table } = this.#task;
    if (!isTimed) return (at) => table.handled[records.message[at]!] === at;
    const seen = new Set<number>();
    return (at) => {
      const id = records.message[at]!;
      if (table.effects[id] === 1) return true;
      if (seen.has(id)) return false;
      seen.add(id);
      return true;
    };
  }

  /**
   * The poison that the consumer did not get past: of what it set aside, or what was committed as poison and not
   * handled, the first with nothing behind it that it handled or set aside. A committed position; −1: none.
   */
  #blocker(): number {
    const { records, table } = this.#task;
    const { order, message, poison } = records;
    let reached = Number.NEGATIVE_INFINITY;
    for (const commit of table.commits) {
      const id = message[commit]!;
      const isReached = table.effects[id]! > 0 || table.parked[id]! >= 0;
      if (isReached && order[commit]! > reached) reached = order[commit]!;
    }
    let blocker = -1;
    for (const commit of table.commits) {
      const id = message[commit]!;
      const isPoison = table.parked[id]! >= 0 || (poison[commit] === 1 && table.effects[id] === 0);
      if (!isPoison) continue;
      if (order[commit]! >= reached && (blocker < 0 || order[commit]! < order[blocker]!)) blocker = commit;
    }
    return blocker;
  }
}

function isRising(positions: readonly number[], order: Float64Array): boolean {
  for (let i = 1; i < positions.length; i++) {
    if (order[positions[i - 1]!]! > order[positions[i]!]!) return false;
  }
  return true;
}
