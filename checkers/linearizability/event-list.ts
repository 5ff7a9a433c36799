/** Event numbers in room that is known beforehand. */
export class EventList {
  readonly #events: Int32Array;
  #length = 0;

  constructor(capacity: number) {
    this.#events = new Int32Array(capacity);
  }

  push(event: number): void {
    this.#events[this.#length++] = event;
  }

  take(): Int32Array {
    return this.#events.subarray(0, this.#length);
  }
}
