import { closeMessage } from "./close-message.ts";
import type { Channel, Network } from "./network.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Owner, SimEvent } from "./sim-event.ts";
import type { HostedConnection, StoreHost } from "./store-host.ts";

/**
 * What ended a connection: nobody listened, it was reset, the server closed it, the server was silent
 * for too long.
 */
export type ConnectionEnd = "refused" | "reset" | "closed" | "timeout";

/** Who connects to what. */
export interface StoreConnectionOptions {
  readonly scheduler: Scheduler;
  readonly network: Network;
  readonly host: StoreHost;
  readonly clientNode: string;
  /** The life of the client's process. */
  readonly owner: Owner;
  /** How long the connection may be silent while something is awaited; 0: for ever. */
  readonly timeoutMs: number;
}

/** Sends an answer back to the client, where `deliver` runs when it arrives. */
export type Answer = (deliver: () => void) => void;

/**
 * One connection of a client process to a model server: requests go out in order, answers come back in
 * order. Whatever is wrong with it ends it for good, and the client is told once, by `onEnd`.
 */
export class StoreConnection implements HostedConnection {
  /** Null while it is usable; afterwards what ended it ("abandoned": given up by the client). */
  ended: ConnectionEnd | "abandoned" | null = null;
  /** Called once, when the connection is lost; not when the client gives it up. */
  onEnd: ((end: ConnectionEnd) => void) | null = null;
  /** Called at the server when the connection is over there. */
  onServerEnd: (() => void) | null = null;
  readonly #options: StoreConnectionOptions;
  readonly #channel: Channel;
  /** True while the server knows the connection. */
  #accepted = false;
  #closedAtServer = false;
  #awaited = 0;
  #deadlineNs = 0;
  #timer: SimEvent | null = null;

  constructor(options: StoreConnectionOptions) {
    this.#options = options;
    this.#channel = options.network.open(options.clientNode, options.host.name);
  }

  /** Opens it; `done` runs at the client when the server has answered. */
  open(done: () => void): void {
    this.#request(
      "connect",
      () => this.#accept(done),
      () => this.#answer("connection lost", () => this.#end("closed")),
    );
  }

  /** Sends a request; `execute` runs at the server, which answers once. */
  send(label: string, execute: (answer: Answer) => void): void {
    this.#request(label, () => {
      if (!this.#accepted) {
        // Nobody there knows the connection any more: the machine answers with a reset.
        this.#answer("reset", () => this.#end("reset"));
        return;
      }
      execute((deliver) => {
        if (this.#accepted) this.#answer(label, deliver);
      });
    });
  }

  /** The client gives it up and tells the server. Harmless when it has ended. */
  close(): void {
    if (this.ended !== null) return;
    this.ended = "abandoned";
    this.#stopTimer();
    this.#sendClose();
  }

  /** Used by the host: the server died under it. */
  lost(): void {
    this.#accepted = false;
    this.onServerEnd?.();
    this.#answer("connection lost", () => this.#end("closed"));
  }

  // ── at the client ──

  #request(label: string, arrive: () => void, died: () => void = () => {}): void {
    const { host, owner } = this.#options;
    this.#awaited++;
    this.#watch();
    this.#channel.send({
      kind: "request",
      duplicable: false,
      internal: true,
      label,
      caller: owner,
      receiver: host.machine,
      deliver: () => host.receive(arrive, died),
      reset: () => this.#end("reset"),
    });
  }

  /** One timer at a time watches the connection, so that fast answers leave no timers behind. */
  #watch(): void {
    const { scheduler, timeoutMs } = this.#options;
    if (timeoutMs === 0) return;
    this.#deadlineNs = scheduler.now + timeoutMs * 1e6;
    if (this.#timer === null) this.#startTimer(timeoutMs * 1e6);
  }

  #startTimer(delayNs: number): void {
    const { scheduler, owner } = this.#options;
    const options = { owner, cause: -1 };
    this.#timer = scheduler.schedule(delayNs, "store timeout", () => this.#checkTimeout(), options);
  }

  #stopTimer(): void {
    if (this.#timer !== null) this.#options.scheduler.cancel(this.#timer);
    this.#timer = null;
  }

  #checkTimeout(): void {
    this.#timer = null;
    if (this.#awaited === 0 || this.ended !== null) return;
    const leftNs = this.#deadlineNs - this.#options.scheduler.now;
    if (leftNs > 0) this.#startTimer(leftNs);
    else this.#end("timeout");
  }

  #end(end: ConnectionEnd): void {
    if (this.ended !== null) return;
    this.ended = end;
    this.#stopTimer();
    this.#sendClose();
    this.onEnd?.(end);
  }

  #sendClose(): void {
    const { host } = this.#options;
    this.#channel.send(closeMessage(host.machine, () => host.receive(() => this.#closeAtServer())));
  }

  // ── at the server ──

  #accept(done: () => void): void {
    const { host } = this.#options;
    if (this.#closedAtServer) return;
    if (!host.up) {
      this.#answer("refused", () => this.#end("refused"));
      return;
    }
    this.#accepted = true;
    host.connections.add(this);
    this.#answer("connected", done);
  }

  #closeAtServer(): void {
    this.#closedAtServer = true;
    if (!this.#accepted) return;
    this.#accepted = false;
    this.#options.host.connections.delete(this);
    this.onServerEnd?.();
  }

  #answer(label: string, deliver: () => void): void {
    const { owner } = this.#options;
    this.#channel.send({
      kind: "answer",
      duplicable: false,
      internal: false,
      label,
      caller: owner,
      receiver: owner,
      deliver: () => {
        if (this.ended !== null) return;
        this.#awaited--;
        if (this.#awaited > 0) this.#watch();
        deliver();
      },
      reset: () => this.#end("reset"),
    });
  }
}
