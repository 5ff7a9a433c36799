import type { Network } from "../network.ts";
import type { Scheduler } from "../scheduler.ts";
import type { Owner, SimEvent } from "../sim-event.ts";
import { ConnectionErrors } from "./connection-errors.ts";
import type { KafkaAnswer } from "./kafka-answer.ts";
import type { KafkaServer } from "./kafka-server.ts";
import type { KafkaSession } from "./kafka-session.ts";
import type { KafkajsInternals } from "./kafkajs-internals.ts";
import { SimKafkaLink } from "./sim-kafka-link.ts";

/** Where a client connects to, on whose behalf. */
export interface SimKafkaConnectionOptions {
  readonly scheduler: Scheduler;
  readonly network: Network;
  readonly server: KafkaServer;
  readonly clientNode: string;
  readonly owner: Owner;
  readonly kafkajs: KafkajsInternals;
  readonly connectionTimeoutMs: number;
  /** How long an answer may take, at least; some requests may take longer. */
  readonly requestTimeoutMs: number;
  /** How many requests may be under way; null: any number. */
  readonly maxInFlightRequests: number | null;
}

/** One request. `serve` runs at the server. */
export interface ConnectionRequest<Value> {
  /** For the event log and for faults: `produce`, `fetch`. */
  readonly label: string;
  readonly timeoutMs?: number;
  /** False: nobody waits for the answer, there is none. */
  readonly expectsAnswer?: boolean;
  serve(session: KafkaSession, reply: (answer: KafkaAnswer<Value>) => void): void;
}

interface Pending {
  readonly request: ConnectionRequest<unknown>;
  readonly onAnswer: (answer: KafkaAnswer<unknown>) => void;
  readonly onError: (error: Error) => void;
  deadlineNs: number;
}

/** kafkajs looks for requests that have timed out this often. */
const TIMEOUT_CHECK_MS = 100;

/**
 * One connection of a client process to the model's server, with the behaviour of kafkajs's
 * `Connection` and `RequestQueue`: it can be opened again after it was lost, a request that times out
 * does not end it, an answer that comes too late is ignored.
 */
export class SimKafkaConnection {
  readonly #options: SimKafkaConnectionOptions;
  readonly #losses: ConnectionErrors;
  /** Null while there is no connection; a new one each time it is opened. */
  #link: SimKafkaLink | null = null;
  #opening: Promise<boolean> | null = null;
  readonly #inFlight = new Set<Pending>();
  readonly #queue: Pending[] = [];
  #timer: SimEvent | null = null;
  #whenIdle: (() => void)[] = [];

  constructor(options: SimKafkaConnectionOptions) {
    this.#options = options;
    this.#losses = new ConnectionErrors(options.kafkajs.errors, options.server.name);
  }

  /** Whether requests can be sent. */
  get connected(): boolean {
    return this.#link?.state === "open";
  }

  /** Opens the connection; rejects with kafkajs's `KafkaJSConnectionError`. */
  connect(): Promise<boolean> {
    if (this.connected) return Promise.resolve(true);
    this.#opening ??= this.#open().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  /** Sends a request; rejects with what happened to the connection or to the request's time. */
  request<Value>(request: ConnectionRequest<Value>): Promise<KafkaAnswer<Value>> {
    return new Promise((resolve, reject) => this.post(request, resolve, reject));
  }

  /** As {@link request}, with callbacks. The answer forgets the request: nothing is called back then. */
  post<Value>(
    request: ConnectionRequest<Value>,
    onAnswer: (answer: KafkaAnswer<Value>) => void,
    onError: (error: Error) => void,
  ): () => void {
    if (!this.connected) {
      onError(this.#losses.connectionError("Not connected"));
      return () => {};
    }
    // The pair of request and callback is typed at the door; inside it is one queue of all kinds.
    const pending = { request, onAnswer, onError, deadlineNs: 0 } as unknown as Pending;
    const { maxInFlightRequests } = this.#options;
    if (maxInFlightRequests === null || this.#inFlight.size < maxInFlightRequests) this.#send(pending);
    else this.#queue.push(pending);
    return () => this.#done(pending);
  }

  /** Waits for the requests that are under way, then closes. */
  async disconnect(): Promise<void> {
    if (this.#inFlight.size + this.#queue.length > 0) {
      await new Promise<void>((resolve) => this.#whenIdle.push(resolve));
    }
    this.#link?.close();
    this.#link = null;
    this.#stopTimer();
  }

  /** The client's process died: nothing settles any more; the server hears a closed connection. */
  abandon(): void {
    this.#inFlight.clear();
    this.#queue.length = 0;
    this.#whenIdle = [];
    this.#link?.close();
    this.#link = null;
  }

  #open(): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const { scheduler, owner, connectionTimeoutMs } = this.#options;
      let link: SimKafkaLink | null = null;
      const timer = scheduler.schedule(
        connectionTimeoutMs * 1e6,
        "connection timeout",
        () => {
          link?.close();
          if (this.#link === link) this.#link = null;
          reject(this.#losses.connectionError("Connection timeout"));
        },
        { owner, cause: -1 },
      );
      link = new SimKafkaLink(
        this.#options,
        () => {
          scheduler.cancel(timer);
          resolve(true);
        },
        (lost) => {
          scheduler.cancel(timer);
          if (this.#link === link) this.#link = null;
          const error = this.#losses.lost(lost);
          this.#rejectAll(error);
          reject(error);
        },
      );
      this.#link = link;
    });
  }

  #send(pending: Pending): void {
    const { request } = pending;
    const link = this.#link;
    if (link === null) return;
    if (request.expectsAnswer === false) {
      link.send(request, () => {});
      pending.onAnswer({ ok: true, value: null });
      return;
    }
    this.#inFlight.add(pending);
    this.#watch(pending);
    link.send(request, (answer) => {
      if (!this.#inFlight.has(pending)) return;
      this.#done(pending);
      pending.onAnswer(answer);
    });
  }

  #done(pending: Pending): void {
    if (!this.#inFlight.delete(pending)) {
      const index = this.#queue.indexOf(pending);
      if (index >= 0) this.#queue.splice(index, 1);
    }
    const { maxInFlightRequests } = this.#options;
    if (maxInFlightRequests !== null && this.connected) {
      while (this.#queue.length > 0 && this.#inFlight.size < maxInFlightRequests) {
        const next = this.#queue.shift();
        if (next !== undefined) this.#send(next);
      }
    }
    this.#checkIdle();
  }

  #checkIdle(): void {
    if (this.#inFlight.size + this.#queue.length > 0) return;
    for (const wake of this.#whenIdle.splice(0)) wake();
  }

  #rejectAll(error: Error): void {
    const lost = [...this.#inFlight, ...this.#queue];
    this.#inFlight.clear();
    this.#queue.length = 0;
    this.#stopTimer();
    for (const { onError } of lost) onError(error);
    this.#checkIdle();
  }

  /** One timer at a time watches the connection, so that fast answers leave no timers behind. */
  #watch(pending: Pending): void {
    const { scheduler, requestTimeoutMs } = this.#options;
    const timeoutMs = Math.max(requestTimeoutMs, pending.request.timeoutMs ?? 0);
    pending.deadlineNs = scheduler.now + timeoutMs * 1e6;
    this.#timer ??= this.#startTimer(pending.deadlineNs);
  }

  #startTimer(atNs: number): SimEvent {
    const { scheduler, owner, requestTimeoutMs } = this.#options;
    const everyNs = Math.min(requestTimeoutMs, TIMEOUT_CHECK_MS) * 1e6;
    const openedNs = this.#link?.openedNs ?? 0;
    const checkNs = openedNs + (Math.floor((atNs - openedNs) / everyNs) + 1) * everyNs;
    const check = (): void => this.#checkTimeouts();
    return scheduler.schedule(checkNs - scheduler.now, "request timeout", check, { owner, cause: -1 });
  }

  #checkTimeouts(): void {
    this.#timer = null;
    const { scheduler } = this.#options;
    let nextNs = Number.POSITIVE_INFINITY;
    for (const pending of [...this.#inFlight]) {
      if (pending.deadlineNs >= scheduler.now) {
        nextNs = Math.min(nextNs, pending.deadlineNs);
        continue;
      }
      this.#done(pending);
      const message = `Request ${pending.request.label} timed out`;
      pending.onError(this.#losses.timedOut(message));
    }
    if (nextNs < Number.POSITIVE_INFINITY) this.#timer ??= this.#startTimer(nextNs);
  }

  #stopTimer(): void {
    if (this.#timer !== null) this.#options.scheduler.cancel(this.#timer);
    this.#timer = null;
  }
}
