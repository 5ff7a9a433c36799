import type { SimEvent } from "../sim-event.ts";
import { executeCommand } from "./execute-command.ts";
import { redisError } from "./redis-errors.ts";
import type { RedisServer } from "./redis-server.ts";
import type { RedisReply } from "./redis-value.ts";
import { type GroupRead, readGroup } from "./stream-group-commands.ts";

/** What the server answers to one command. */
export type RedisOutcome =
  | { readonly ok: true; readonly reply: RedisReply }
  | { readonly ok: false; readonly error: Error };

/** A command as it arrives. */
export type RedisRequest =
  | { readonly name: string; readonly args: readonly string[] }
  | { readonly name: "XREADGROUP"; readonly read: GroupRead };

interface Waiting {
  readonly read: GroupRead;
  readonly keys: readonly string[];
  readonly respond: (outcome: RedisOutcome) => void;
  readonly timer: SimEvent | null;
}

/**
 * The server's side of one connection: its commands run in order, and while one of them waits the next
 * ones do too.
 */
export class RedisSession {
  readonly #server: RedisServer;
  #waiting: Waiting | null = null;
  readonly #queue: { request: RedisRequest; respond: (outcome: RedisOutcome) => void }[] = [];

  constructor(server: RedisServer) {
    this.#server = server;
  }

  /** Runs a command when those before it are done; `respond` is called once, unless the session ends. */
  receive(request: RedisRequest, respond: (outcome: RedisOutcome) => void): void {
    if (this.#waiting !== null) this.#queue.push({ request, respond });
    else this.#run(request, respond);
  }

  /** The connection is over. */
  end(): void {
    this.#queue.length = 0;
    this.#stopWaiting();
  }

  /** Used by the server: a stream that it waits for has changed. */
  wake(key: string): void {
    const waiting = this.#waiting;
    if (waiting === null) return;
    const { store } = this.#server;
    const value = store.find(key);
    if (value?.kind !== "stream") {
      this.#finish({ ok: false, error: redisError("UNBLOCKED the stream key no longer exists") });
      return;
    }
    const streams = waiting.read.streams.filter((stream) => stream.key === key);
    const outcome = attempt(() => readGroup(store, { ...waiting.read, streams }));
    if (!outcome.ok || outcome.reply !== null) this.#finish(outcome);
  }

  #run(request: RedisRequest, respond: (outcome: RedisOutcome) => void): void {
    const { store } = this.#server;
    if (!("read" in request)) {
      respond(attempt(() => executeCommand(store, request.name, request.args)));
      this.#server.serveWaiting();
      return;
    }
    const { read } = request;
    const outcome = attempt(() => readGroup(store, read));
    if (outcome.ok && outcome.reply === null && read.blockMs !== null)
      this.#wait(read, read.blockMs, respond);
    else respond(outcome);
  }

  #wait(read: GroupRead, blockMs: number, respond: (outcome: RedisOutcome) => void): void {
    const { scheduler, host } = this.#server;
    const keys = read.streams.map(({ key }) => key);
    const expire = (): void => host.receive(() => this.#expire(waiting));
    const timer =
      blockMs === 0
        ? null
        : scheduler.schedule(blockMs * 1e6, "block timeout", expire, { owner: host.life, internal: true });
    const waiting: Waiting = { read, keys, respond, timer };
    this.#waiting = waiting;
    this.#server.wait(this, keys);
  }

  #expire(waiting: Waiting): void {
    if (this.#waiting === waiting) this.#finish({ ok: true, reply: null });
  }

  #finish(outcome: RedisOutcome): void {
    const waiting = this.#waiting;
    if (waiting === null) return;
    this.#stopWaiting();
    waiting.respond(outcome);
    while (this.#waiting === null) {
      const next = this.#queue.shift();
      if (next === undefined) return;
      this.#run(next.request, next.respond);
    }
  }

  #stopWaiting(): void {
    const waiting = this.#waiting;
    if (waiting === null) return;
    this.#waiting = null;
    if (waiting.timer !== null) this.#server.scheduler.cancel(waiting.timer);
    this.#server.stopWaiting(this, waiting.keys);
  }
}

function attempt(work: () => RedisReply): RedisOutcome {
  try {
    return { ok: true, reply: work() };
  } catch (error) {
    return { ok: false, error: error instanceof Error ? error : new Error(String(error)) };
  }
}
