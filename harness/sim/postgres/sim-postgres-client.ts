import { closeMessage } from "../close-message.ts";
import type { Channel, Network } from "../network.ts";
import type { Scheduler } from "../scheduler.ts";
import type { Owner, SimEvent } from "../sim-event.ts";
import { ConnectionError } from "./connection-error.ts";
import { PostgresError } from "./postgres-error.ts";
import type { PostgresEndpoint } from "./postgres-server.ts";
import type { Session } from "./session.ts";
import type { SessionRequest } from "./session-request.ts";
import type { StatementResult } from "./statement.ts";

/** Where a client connects to, on whose behalf. */
export interface SimPostgresClientOptions {
  readonly scheduler: Scheduler;
  readonly network: Network;
  readonly server: PostgresEndpoint;
  readonly clientNode: string;
  readonly owner: Owner;
  /** How long an answer may take; 0: for ever. */
  readonly queryTimeoutMs: number;
}

interface Pending {
  /** Null: the connection itself is being opened. */
  readonly request: SessionRequest | null;
  readonly resolve: (result: StatementResult) => void;
  readonly reject: (error: Error) => void;
  deadlineNs: number;
}

const opened: StatementResult = { command: "", rowCount: 0, rows: [] };

/**
 * One connection of a client process to the model's server, like node-postgres' `Client`: one request
 * at a time, others queue. Whatever is wrong with the connection ends it for good.
 */
export class SimPostgresClient {
  /** Null while it is usable; afterwards what ended it. */
  ended: Error | null = null;
  /** Called once, when the connection is lost or given up. */
  onEnd: (() => void) | null = null;
  readonly #options: SimPostgresClientOptions;
  readonly #channel: Channel;
  /** The server's side, once it is there. */
  #session: Session | null = null;
  #closedAtServer = false;
  #pending: Pending | null = null;
  readonly #queue: Pending[] = [];
  #timer: SimEvent | null = null;

  constructor(options: SimPostgresClientOptions) {
    this.#options = options;
    this.#channel = options.network.open(options.clientNode, options.server.name);
  }

  /** Opens the connection; rejects with ECONNREFUSED where the server is down. */
  connect(): Promise<StatementResult> {
    return this.#enqueue(null);
  }

  /** Sends a request; rejects with the server's error, or with what happened to the connection. */
  request(request: SessionRequest): Promise<StatementResult> {
    return this.#enqueue(request);
  }

  /** Gives the connection up and tells the server, which ends the session when it hears of it. */
  close(reason: Error = new Error("Connection terminated")): void {
    if (this.ended !== null) return;
    this.#end(reason);
    this.#sendClose();
  }

  /** The client's process died: nothing settles any more; the server hears a closed connection. */
  abandon(): void {
    if (this.ended !== null) return;
    this.ended = new Error("the process is gone");
    this.#pending = null;
    this.#queue.length = 0;
    this.#sendClose();
  }

  #enqueue(request: SessionRequest | null): Promise<StatementResult> {
    return new Promise((resolve, reject) => {
      if (this.ended !== null) {
        reject(new Error("Client has encountered a connection error and is not queryable"));
        return;
      }
      const pending: Pending = { request, resolve, reject, deadlineNs: 0 };
      if (this.#pending === null) this.#send(pending);
      else this.#queue.push(pending);
    });
  }

  #send(pending: Pending): void {
    this.#pending = pending;
    const { request } = pending;
    this.#watch(pending);
    const { server, owner } = this.#options;
    this.#channel.send({
      kind: "request",
      duplicable: false,
      internal: true,
      label: request === null ? "connect" : request.label,
      caller: owner,
      receiver: server.machine,
      deliver: () => (request === null ? this.#arriveConnect() : this.#arrive(request)),
      reset: () => this.#lose(new ConnectionError("ECONNRESET", server.name)),
      refuse: () => this.#lose(new ConnectionError(request ? "ECONNRESET" : "ECONNREFUSED", server.name)),
    });
  }

  /** One timer at a time watches the connection, so that fast answers leave no timers behind. */
  #watch(pending: Pending): void {
    const { scheduler, queryTimeoutMs, owner } = this.#options;
    if (queryTimeoutMs === 0) return;
    pending.deadlineNs = scheduler.now + queryTimeoutMs * 1e6;
    this.#timer ??= this.#startTimer(queryTimeoutMs * 1e6, owner);
  }

  #startTimer(delayNs: number, owner: Owner): SimEvent {
    return this.#options.scheduler.schedule(delayNs, "query timeout", () => this.#checkTimeout(), {
      owner,
      cause: -1,
    });
  }

  #checkTimeout(): void {
    this.#timer = null;
    const pending = this.#pending;
    if (pending === null || this.ended !== null) return;
    const leftNs = pending.deadlineNs - this.#options.scheduler.now;
    if (leftNs > 0) this.#timer = this.#startTimer(leftNs, this.#options.owner);
    else this.close(new Error("Query read timeout"));
  }

  // ── at the server ──

  #arriveConnect(): void {
    if (this.#closedAtServer) return;
    const { server, clientNode } = this.#options;
    const session = server.connect(clientNode);
    if (session instanceof PostgresError) {
      this.#answer("refused", () => this.#lose(session));
      return;
    }
    this.#session = session;
    if (session === null) {
      this.#answer("refused", () => this.#lose(new ConnectionError("ECONNREFUSED", `${server.name}:5432`)));
      return;
    }
    session.onLost = (error) => {
      this.#session = null;
      this.#answer("connection lost", () =>
        this.#lose(error ?? new Error("Connection terminated unexpectedly")),
      );
    };
    this.#answer("connected", () => this.#settle(opened));
  }

  #arrive(request: SessionRequest): void {
    const session = this.#session;
    if (session === null) {
      // The session is gone: the server's machine answers with a reset.
      this.#answer("reset", () => this.#lose(new ConnectionError("ECONNRESET", this.#options.server.name)));
      return;
    }
    session.receive(request, (response) => {
      this.#answer(request.label, () => {
        if (response.ok) this.#settle(response.result);
        else this.#refuse(response.error);
      });
    });
  }

  #arriveClose(): void {
    this.#closedAtServer = true;
    this.#session?.close();
    this.#session = null;
  }

  #answer(label: string, deliver: () => void): void {
    const { server, owner } = this.#options;
    this.#channel.send({
      kind: "answer",
      duplicable: false,
      internal: false,
      label,
      caller: owner,
      receiver: owner,
      deliver,
      reset: () => this.#lose(new ConnectionError("ECONNRESET", server.name)),
    });
  }

  // ── back at the client ──

  #settle(result: StatementResult): void {
    const pending = this.#pending;
    if (pending === null || this.ended !== null) return;
    this.#next();
    pending.resolve(result);
  }

  #refuse(error: Error): void {
    const pending = this.#pending;
    if (pending === null || this.ended !== null) return;
    this.#next();
    pending.reject(error);
  }

  #next(): void {
    this.#pending = null;
    const next = this.#queue.shift();
    if (next !== undefined) this.#send(next);
  }

  /** The connection broke: the server finds out as well. */
  #lose(error: Error): void {
    if (this.ended !== null) return;
    this.#end(error);
    this.#sendClose();
  }

  #end(error: Error): void {
    this.ended = error;
    const pending = this.#pending;
    this.#pending = null;
    if (this.#timer !== null) this.#options.scheduler.cancel(this.#timer);
    this.#timer = null;
    pending?.reject(error);
    for (const waiting of this.#queue.splice(0)) waiting.reject(error);
    this.onEnd?.();
  }

  #sendClose(): void {
    const { server } = this.#options;
    this.#channel.send(closeMessage(server.machine, () => this.#arriveClose()));
  }
}
