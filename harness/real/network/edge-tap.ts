import { createServer, type Server, type Socket } from "node:net";
import type { MessageFate, MessageRule } from "./message-rule.ts";
import type { EdgeTraffic } from "./proxy-edge.ts";
import type { MessageReader, ReadPiece } from "./read-piece.ts";
import { TapConnection, type TapRules } from "./tap-connection.ts";

/** Where a tap listens, and how it reaches what is behind it. */
export interface EdgeTapOptions {
  /** The address to listen on. */
  readonly host: string;
  /** A reader for one new connection. */
  newReader(): MessageReader;
  /** Opens a connection to the proxy. */
  dial(): Socket;
}

/** The port was in use at each of so many attempts, with a pause between. */
const LISTEN_ATTEMPTS = 50;

/**
 * The client's end of an edge: passes every byte on to the proxy and back, counts what passes, and
 * hits single messages by rules. In the harness's own process: nothing of it is left when that dies.
 */
export class EdgeTap implements TapRules {
  /** When the proxy closes a connection, the client sees a reset and not an orderly end. */
  endsAsReset = false;
  readonly #options: EdgeTapOptions;
  readonly #connections = new Set<TapConnection>();
  readonly #rules = new Set<MessageRule>();
  readonly #counts = { opened: 0, closedByClient: 0, piecesUp: 0, piecesDown: 0, bytesUp: 0, bytesDown: 0 };
  #server: Server | null = null;
  #port = 0;

  constructor(options: EdgeTapOptions) {
    this.#options = options;
  }

  /** The port it listens on, also while it is stopped; 0 before the first start. */
  get port(): number {
    return this.#port;
  }

  /** Listens on the port, or on the one it had; 0: a free one. `sleep` waits for a port that is in use. */
  async start(port: number, sleep: (ms: number) => Promise<void>): Promise<void> {
    if (this.#server !== null) return;
    for (let attempt = 1; ; attempt++) {
      const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.#accept(client));
      try {
        this.#port = await listen(server, this.#options.host, this.#port === 0 ? port : this.#port);
        this.#server = server;
        return;
      } catch (error) {
        if (attempt === LISTEN_ATTEMPTS || (error as NodeJS.ErrnoException).code !== "EADDRINUSE")
          throw error;
        await sleep(20);
      }
    }
  }

  /** Refuses new connections, resets the open ones. Answers how many those were. */
  async stop(): Promise<number> {
    const server = this.#server;
    this.#server = null;
    const cut = this.#connections.size;
    const closed = new Promise<void>((resolve) => {
      if (server === null) resolve();
      else server.close(() => resolve());
    });
    for (const connection of [...this.#connections]) connection.reset();
    await closed;
    return cut;
  }

  /** What passed so far. */
  traffic(): Omit<EdgeTraffic, "sentDown"> {
    return { ...this.#counts, open: this.#connections.size };
  }

  /** Applies the rule from now on; the answer takes it off and resets what it has swallowed from. */
  arm(rule: MessageRule): () => void {
    this.#rules.add(rule);
    return () => {
      if (!this.#rules.delete(rule)) return;
      for (const connection of [...this.#connections]) if (connection.swallowedBy(rule)) connection.reset();
    };
  }

  /** Used by connections: counts a piece, and says what becomes of it and by which rule. */
  judge(up: boolean, bytes: number, { holds, request }: ReadPiece): [MessageFate, MessageRule | null] {
    this.#counts[up ? "piecesUp" : "piecesDown"]++;
    this.#counts[up ? "bytesUp" : "bytesDown"] += bytes;
    for (const rule of this.#rules) {
      if (!holds.includes(rule.select) || (rule.fate === "duplicate" && request === null)) continue;
      if (rule.hit() && rule.fate !== "pass") return [rule.fate, rule];
    }
    return ["pass", null];
  }

  /** Used by connections: one is over. */
  forget(connection: TapConnection): void {
    this.#connections.delete(connection);
  }

  /** Used by connections: the client closed one. */
  clientClosed(): void {
    this.#counts.closedByClient++;
  }

  #accept(client: Socket): void {
    this.#counts.opened++;
    const { newReader, dial } = this.#options;
    this.#connections.add(new TapConnection(this, newReader(), client, dial));
  }
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
}
