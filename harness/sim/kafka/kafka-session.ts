import type { Rewind } from "./delivery-faults.ts";
import type { KafkaAnswer } from "./kafka-answer.ts";

/** A request at the broker: does the work and answers once, or never. */
export type ServeRequest = (reply: (answer: KafkaAnswer<unknown>) => void) => void;

interface QueuedRequest {
  readonly serve: ServeRequest;
  readonly answer: (answer: KafkaAnswer<unknown>) => void;
}

/**
 * The broker's side of one connection. As in Kafka, its requests are handled one after the other: the
 * next one is looked at when the one before is answered.
 */
export class KafkaSession {
  /** Called when the broker closes the connection. */
  onLost: (() => void) | null = null;
  /** Takes a fetch that waits for messages out of the queue; null while there is none. */
  cancelFetch: (() => void) | null = null;
  /** Where delivery faults set this consumer back to, by topic and partition. */
  readonly rewinds: Map<string, Rewind> = new Map();
  #closed = false;
  #busy = false;
  readonly #queue: QueuedRequest[] = [];

  /** A request has arrived. */
  receive(serve: ServeRequest, answer: (answer: KafkaAnswer<unknown>) => void): void {
    if (this.#closed) return;
    this.#queue.push({ serve, answer });
    // A consumer that asks again has given up waiting.
    if (this.cancelFetch !== null) this.cancelFetch();
    else this.#next();
  }

  /** The client has closed the connection, or the broker is gone. What was received is not undone. */
  close(): void {
    this.#closed = true;
    this.#queue.length = 0;
    this.cancelFetch?.();
    this.cancelFetch = null;
    this.onLost = null;
  }

  /** The request that was being handled needs no answer any more. */
  skip(): void {
    this.#busy = false;
    this.#next();
  }

  #next(): void {
    if (this.#busy || this.#closed) return;
    const request = this.#queue.shift();
    if (request === undefined) return;
    this.#busy = true;
    let answered = false;
    request.serve((answer) => {
      if (answered) return;
      answered = true;
      if (!this.#closed) request.answer(answer);
      this.#busy = false;
      this.#next();
    });
  }
}
