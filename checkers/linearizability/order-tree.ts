import { doubled } from "../doubled.ts";

/** Orders of calls that begin alike, each a number: the order before its last call, and this call. */
export class OrderTree {
  #before = new Int32Array(64);
  #call = new Int32Array(64);
  /** Number 0 is the order without a call. */
  #count = 1;

  /** Bytes taken. */
  get bytes(): number {
    return 8 * this.#call.length;
  }

  /** The order that has a call more at its end. */
  longer(order: number, call: number): number {
    if (this.#count === this.#call.length) {
      this.#before = doubled(this.#before);
      this.#call = doubled(this.#call);
    }
    this.#before[this.#count] = order;
    this.#call[this.#count] = call;
    return this.#count++;
  }

  /** The calls of an order, first to last. */
  callsOf(order: number): number[] {
    const calls: number[] = [];
    for (let at = order; at > 0; at = this.#before[at]!) calls.push(this.#call[at]!);
    return calls.reverse();
  }
}
