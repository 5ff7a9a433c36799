import { doubled } from "../doubled.ts";
import type { CallWindow } from "./call-window.ts";
import { type Configurations, POSITION } from "./configuration-words.ts";
import { ObjectMoves } from "./object-moves.ts";
import type { OrderTrace } from "./order-trace.ts";
import type { SearchProgress } from "./search-progress.ts";
import type { SearchedObject } from "./searched-object.ts";
import { VisitedConfigurations } from "./visited-configurations.ts";

/**
 * Goes through the events and lets calls take effect when one of them must, just before it returns (Lowe,
 * "Testing for linearizability", 2017: just-in-time linearization); where it cannot go on it goes back to the
 * last choice (Wing and Gong 1993) and remembers where it has been (Lowe), by the window of open calls. Quick where a
 * guess at what happened is mostly right.
 */
export class DepthSearch {
  readonly #events: Int32Array;
  readonly #code: Int32Array;
  readonly #moves: ObjectMoves;
  readonly #window: CallWindow;
  readonly #visited: VisitedConfigurations;
  readonly #trace: OrderTrace | undefined;
  /** Configurations that wait with a choice, one after the other, and what each tries next. */
  #waiting: Int32Array;
  #choices: Int32Array;
  #depth = 0;
  /** Position of the event that comes next. */
  #at = 0;
  /** Position of the last return that was due. */
  furthest = -1;
  #hasBegun = false;

  constructor(object: SearchedObject, trace: OrderTrace | undefined) {
    this.#events = object.calls.events;
    this.#code = object.calls.code;
    this.#moves = new ObjectMoves(object, (call) => trace?.took(call));
    this.#window = this.#moves.window;
    this.#visited = new VisitedConfigurations(this.#moves.standIns);
    this.#trace = trace;
    this.#waiting = new Int32Array(this.#moves.now.length * 64);
    this.#choices = new Int32Array(64);
  }

  /** Bytes taken. */
  get bytes(): number {
    return this.#visited.bytes + this.#window.bytes + 4 * (this.#waiting.length + this.#choices.length);
  }

  /** The configurations that were gone on from. */
  get configurations(): Configurations {
    return { words: this.#visited.words, end: this.#visited.size, stride: this.#moves.now.length };
  }

  /** Tries so many choices more. */
  advance(choices: number): SearchProgress {
    let isOver = false;
    if (!this.#hasBegun) isOver = this.#proceed();
    this.#hasBegun = true;
    for (let tried = 0; tried < choices && this.#depth > 0 && !isOver; tried++) isOver = this.#choose();
    if (isOver) return "linearizable";
    return this.#depth > 0 ? "open" : "stuck";
  }

  /** Goes on to a return of a call that has not taken effect, and waits there. Is it the end of all events? */
  #proceed(): boolean {
    for (; this.#at < this.#events.length; this.#at++) {
      const event = this.#events[this.#at]!;
      if (event >= 0) {
        this.#window.enter(event);
        if (this.#code[event]! < 0) this.#moves.sent(event);
        continue;
      }
      if (this.#moves.isPending(~event)) {
        this.#wait();
        return false;
      }
      this.#window.leave(~event);
    }
    return true;
  }

  #wait(): void {
    const { now } = this.#moves;
    now[POSITION] = this.#at;
    if (this.#at > this.furthest) this.furthest = this.#at;
    if (!this.#visited.insert(now, 0)) return;
    if (this.#depth === this.#choices.length) this.#growWaiting();
    this.#trace?.comesTo(this.#depth);
    this.#waiting.set(now, this.#depth * now.length);
    this.#choices[this.#depth++] = this.#window.first;
  }

  /** Tries the next choice of the configuration that waited last. Did that lead to the end of all events? */
  #choose(): boolean {
    const { now } = this.#moves;
    const top = this.#depth - 1;
    const from = top * now.length;
    this.#goBackTo(this.#waiting[from + POSITION]!);
    this.#trace?.goesBackTo(top);
    const open = this.#choices[top]!;
    if (open === this.#window.end) {
      this.#depth = top;
      return false;
    }
    this.#choices[top] = this.#window.after(open);
    for (let word = 0; word < now.length; word++) now[word] = this.#waiting[from + word]!;
    return this.#moves.takeEffect(open) && this.#proceed();
  }

  #goBackTo(position: number): void {
    while (this.#at > position) {
      const event = this.#events[--this.#at]!;
      if (event < 0) this.#window.comeBack(~event);
      else this.#window.takeBack(event);
    }
  }

  #growWaiting(): void {
    this.#waiting = doubled(this.#waiting);
    this.#choices = doubled(this.#choices);
  }
}
