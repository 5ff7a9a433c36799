import { COMMITTED, type DeliveryRecords, HANDLED, PARKED, PUBLISHED } from "./delivery-records.ts";

/**
 * What became of each message of one stream: filled for a stream, asked, and cleared for the next, so that
 * no stream costs an allocation. Messages are numbered within the stream, in the order of first sight:
 * few numbers, which stay in the cache. Positions are those of the records' columns, −1 where there is none.
 */
export class StreamTable {
  readonly #records: DeliveryRecords;
  readonly committed: Int32Array;
  readonly publications: Int32Array;
  readonly published: Int32Array;
  readonly publishedAgain: Int32Array;
  /** The columns from here on are about one consumer at a time. */
  readonly effects: Int32Array;
  readonly handled: Int32Array;
  readonly handledAgain: Int32Array;
  readonly parked: Int32Array;
  readonly #numbers = new Map<string | number, number>();
  /** Positions of what was committed (once a message), in the order of the history. */
  readonly commits: number[] = [];
  /** Consumers that handled or parked something of the stream. */
  readonly consumers: number[] = [];
  /** By consumer, its first and last record; the next record of the same consumer by position. */
  readonly #first: Int32Array;
  readonly #last: Int32Array;
  readonly #next: Int32Array;

  /** A table for these records and `consumers` consumers. */
  constructor(records: DeliveryRecords, consumers: number) {
    const messages = longestStream(records);
    const positions = (): Int32Array => new Int32Array(messages).fill(-1);
    this.#records = records;
    this.committed = positions();
    this.publications = new Int32Array(messages);
    this.published = positions();
    this.publishedAgain = positions();
    this.effects = new Int32Array(messages);
    this.handled = positions();
    this.handledAgain = positions();
    this.parked = positions();
    this.#first = new Int32Array(consumers).fill(-1);
    this.#last = new Int32Array(consumers).fill(-1);
    this.#next = new Int32Array(records.rows.length).fill(-1);
  }

  /** How many messages the stream names: their numbers are those below. */
  get messages(): number {
    return this.#numbers.size;
  }

  /** Takes the records from position `from` up to `to`. */
  fill(from: number, to: number): void {
    const { what, id: ids, message, consumer } = this.#records;
    for (let at = from; at < to; at++) {
      const name = ids[at]!;
      if (name === null) continue;
      const id = this.#numberOf(name);
      message[at] = id;
      if (what[at] === COMMITTED) {
        if (this.committed[id]! >= 0) continue;
        this.committed[id] = at;
        this.commits.push(at);
      } else if (what[at] === PUBLISHED) {
        const count = this.publications[id]!++;
        if (count === 0) this.published[id] = at;
        else if (count === 1) this.publishedAgain[id] = at;
      } else this.#consume(consumer[at]!, at);
    }
  }

  /** Takes what one consumer did with the stream; gives the positions at which it handled something. */
  fillConsumer(consumer: number, handledAt: number[]): void {
    const { what, message } = this.#records;
    handledAt.length = 0;
    for (let at = this.#first[consumer]!; at >= 0; at = this.#next[at]!) {
      const id = message[at]!;
      if (what[at] === PARKED) {
        if (this.parked[id]! < 0) this.parked[id] = at;
      } else if (what[at] === HANDLED) {
        handledAt.push(at);
        const count = this.effects[id]!++;
        if (count === 0) this.handled[id] = at;
        else if (count === 1) this.handledAgain[id] = at;
      }
    }
  }

  /** Forgets what the consumer did. */
  clearConsumer(consumer: number): void {
    const { message } = this.#records;
    for (let at = this.#first[consumer]!; at >= 0; at = this.#next[at]!) {
      const id = message[at]!;
      this.effects[id] = 0;
      this.handled[id] = this.handledAgain[id] = this.parked[id] = -1;
    }
  }

  /** Has the consumer done anything with this stream? */
  hasConsumer(consumer: number): boolean {
    return this.#first[consumer]! >= 0;
  }

  /** Forgets the stream. */
  clear(): void {
    for (let id = 0; id < this.#numbers.size; id++) {
      this.publications[id] = 0;
      this.committed[id] = this.published[id] = this.publishedAgain[id] = -1;
    }
    for (const consumer of this.consumers) this.#first[consumer] = this.#last[consumer] = -1;
    this.commits.length = this.consumers.length = 0;
    this.#numbers.clear();
  }

  #numberOf(name: string | number): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const number = this.#numbers.size;
    this.#numbers.set(name, number);
    return number;
  }

  #consume(consumer: number, at: number): void {
    const last = this.#last[consumer]!;
    if (last >= 0) this.#next[last] = at;
    else {
      this.#first[consumer] = at;
      this.consumers.push(consumer);
    }
    this.#last[consumer] = at;
  }
}

function longestStream({ keys, starts }: DeliveryRecords): number {
  let longest = 0;
  for (let position = 0; position < keys.length; position++) {
    longest = Math.max(longest, starts[position + 1]! - starts[position]!);
  }
  return longest;
}
