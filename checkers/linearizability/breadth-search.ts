import { BestConfigurations } from "./best-configurations.ts";
import type { CallWindow } from "./call-window.ts";
import { type Configurations, POSITION, STATE } from "./configuration-words.ts";
import { ObjectMoves } from "./object-moves.ts";
import type { OrderTrace } from "./order-trace.ts";
import { OrderTree } from "./order-tree.ts";
import type { SearchProgress } from "./search-progress.ts";
import type { SearchedObject } from "./searched-object.ts";
import { WantedSums } from "./wanted-sums.ts";

/**
 * Goes through the events with all configurations side by side that can still matter: where one can stand in for another
 * only the one is kept. Calls take effect when one of them must, just before it returns; others go before it only where that
 * lets a read take effect, or the one that must could not go without them: else they can go after it ({@link ObjectMoves.canWait})
 * or need not ({@link WantedSums}), and an order in which each call waits as long as it can is found all the same. Quick where no guess helps, but
 * most configurations can be stood in for: where many calls have an unknown outcome, or there is no order at all.
 */
export class BreadthSearch {
  readonly #events: Int32Array;
  readonly #code: Int32Array;
  readonly #moves: ObjectMoves;
  readonly #window: CallWindow;
  readonly #wanted: WantedSums;
  /** Configurations at the last return that was due in one of them. */
  #best: BestConfigurations;
  #spare: BestConfigurations;
  /** Position of the event that comes next. */
  #at = 0;
  /** The configuration that is gone on from next; −1 where no return is due. */
  #next = -1;
  /** Calls that took effect in the last choice. */
  #taken = 0;
  readonly #trace: OrderTrace | undefined;
  /** The last word of a configuration is the number of its order. */
  readonly #orders = new OrderTree();
  /** Is everything tried, whether it is needed or not? */
  #isThorough = false;
  /** Position of the last return that was due. */
  furthest = -1;

  /** `trace` is told an order where one is found. */
  constructor(object: SearchedObject, trace: OrderTrace | undefined) {
    this.#trace = trace;
    this.#events = object.calls.events;
    this.#code = object.calls.code;
    this.#moves = new ObjectMoves(object, (call) => {
      this.#taken++;
      const { now } = this.#moves;
      if (trace !== undefined) now[now.length - 1] = this.#orders.longer(now.at(-1)!, call);
    });
    this.#window = this.#moves.window;
    this.#wanted = new WantedSums(object, this.#window);
    this.#best = new BestConfigurations(this.#moves.standIns);
    this.#spare = new BestConfigurations(this.#moves.standIns);
    this.#best.insert(this.#moves.now);
  }

  /** Bytes taken. */
  get bytes(): number {
    return this.#best.bytes + this.#spare.bytes + this.#window.bytes + this.#orders.bytes;
  }

  /**
   * Where it got stuck: adds the configurations that it had no need of, by so many choices, or a few above that. Are these
   * all that there can be at that return?
   */
  complete(choices: number): boolean {
    this.#isThorough = true;
    this.#next = 0;
    for (let left = choices; left > 0 && this.#next < this.#best.end; ) left -= this.#goOnFrom(this.#next++);
    return this.#next >= this.#best.end;
  }

  /** The configurations at the last return that was due. */
  get configurations(): Configurations {
    return { words: this.#best.words, end: this.#best.end, stride: this.#moves.now.length };
  }

  /** Tries so many choices more, or a few above that. */
  advance(choices: number): SearchProgress {
    for (let left = choices; left > 0; ) {
      if (this.#next < 0 && !this.#proceed()) {
        this.#tellOrder();
        return "linearizable";
      }
      while (left > 0 && this.#next < this.#best.end) left -= this.#goOnFrom(this.#next++);
      if (this.#next < this.#best.end) return "open";
      if (!this.#finish()) return "stuck";
    }
    return "open";
  }

  #tellOrder(): void {
    if (this.#trace === undefined) return;
    const { words, end, stride } = this.configurations;
    let at = 0;
    while (at < end && words[at * stride + STATE]! < 0) at++;
    this.#trace.is(this.#orders.callsOf(words[(at + 1) * stride - 1]!));
  }

  /** Goes on to a return that is due in one of the configurations. Is there one? */
  #proceed(): boolean {
    for (; this.#at < this.#events.length; this.#at++) {
      const event = this.#events[this.#at]!;
      if (event < 0) {
        if (this.#isDue(~event)) {
          this.#begin();
          return true;
        }
        this.#window.leave(~event);
        continue;
      }
      this.#window.enter(event);
      if (this.#code[event]! < 0) this.#each(() => this.#moves.sent(event));
    }
    return false;
  }

  #isDue(call: number): boolean {
    let isDue = false;
    this.#each(() => {
      if (this.#moves.isPending(call)) isDue = true;
    });
    return isDue;
  }

  /** Does something with each configuration, and with its words at hand. */
  #each(change: () => void): void {
    const { words, end } = this.#best;
    const { now } = this.#moves;
    for (let at = 0, from = 0; at < end; at++, from += now.length) {
      if (words[from + STATE]! < 0) continue;
      for (let word = 0; word < now.length; word++) now[word] = words[from + word]!;
      change();
      for (let word = 0; word < now.length; word++) words[from + word] = now[word]!;
    }
  }

  #begin(): void {
    this.furthest = this.#at;
    this.#moves.standIns.come();
    this.#spare.clear();
    this.#each(() => {
      this.#moves.now[POSITION] = this.#at;
      this.#spare.insert(this.#moves.now);
    });
    [this.#best, this.#spare] = [this.#spare, this.#best];
    this.#next = 0;
  }

  /** Tries what can take effect next in a configuration in which a return is due. How many choices were that? */
  #goOnFrom(at: number): number {
    const { now } = this.#moves;
    const from = at * now.length;
    const due = ~this.#events[this.#at]!;
    let choices = 1;
    if (this.#best.words[from + STATE]! >= 0) this.#wanted.look(this.#best.words, from);
    for (let open = this.#window.first; open !== this.#window.end; open = this.#window.after(open)) {
      const { words } = this.#best;
      // It may have been taken out meanwhile.
      if (words[from + STATE]! < 0) break;
      for (let word = 0; word < now.length; word++) now[word] = words[from + word]!;
      if (!this.#moves.isPending(due)) break;
      if (!this.#isThorough && !this.#isNeeded(open, due)) continue;
      choices++;
      if (this.#takesEffect(open, due)) this.#best.insert(now);
    }
    return choices;
  }

  #isNeeded(open: number, due: number): boolean {
    return open === due ? !this.#moves.isPremature : this.#wanted.wants(open);
  }

  #takesEffect(open: number, due: number): boolean {
    const before = this.#moves.now[STATE]!;
    this.#taken = 0;
    if (!this.#moves.takeEffect(open)) return false;
    // What lets a read take effect was needed for that.
    const isAlone = open !== due && this.#taken === 1 && this.#moves.now[STATE] !== before;
    this.#moves.isPremature = isAlone && !this.#isThorough && this.#moves.canWait(open, before, due);
    return true;
  }

  /** Leaves the configurations in which the call that returns took effect. Are there any? */
  #finish(): boolean {
    const due = ~this.#events[this.#at]!;
    this.#spare.clear();
    this.#each(() => {
      if (!this.#moves.isPending(due)) this.#spare.append(this.#moves.now);
    });
    if (this.#spare.end === 0) return false;
    [this.#best, this.#spare] = [this.#spare, this.#best];
    this.#window.leave(due);
    this.#at++;
    this.#next = -1;
    return true;
  }
}
