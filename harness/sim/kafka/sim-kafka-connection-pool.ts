import { KAFKA_PORT } from "./connection-errors.ts";
import type { KafkaAnswer } from "./kafka-answer.ts";
import type { KafkajsConnectionPool } from "./kafkajs-internals.ts";
import {
  type ConnectionRequest,
  SimKafkaConnection,
  type SimKafkaConnectionOptions,
} from "./sim-kafka-connection.ts";

/**
 * The connections of one kafkajs client to the one broker: as in kafkajs's `ConnectionPool` one for
 * fetches and one for everything else, each opened when it is used.
 */
export class SimKafkaConnectionPool implements KafkajsConnectionPool {
  readonly host: string;
  readonly port: number = KAFKA_PORT;
  readonly connectionTimeout: number;
  /** Set by kafkajs. */
  rack: string | null = null;
  readonly #main: SimKafkaConnection;
  readonly #fetches: SimKafkaConnection;

  constructor(options: SimKafkaConnectionOptions) {
    this.host = options.server.name;
    this.connectionTimeout = options.connectionTimeoutMs;
    this.#main = new SimKafkaConnection(options);
    this.#fetches = new SimKafkaConnection(options);
  }

  /** Whether one of them is open. */
  isConnected(): boolean {
    return this.#main.connected || this.#fetches.connected;
  }

  /** Opens the connection for everything but fetches. */
  async open(): Promise<void> {
    if (!this.#main.connected) await this.#main.connect();
  }

  /** The connection for fetches, open. */
  async openForFetches(): Promise<SimKafkaConnection> {
    if (!this.#fetches.connected) await this.#fetches.connect();
    return this.#fetches;
  }

  /** Sends a request that is not a fetch. */
  async request<Value>(request: ConnectionRequest<Value>): Promise<KafkaAnswer<Value>> {
    await this.open();
    return await this.#main.request(request);
  }

  /** Closes both, when what is under way is answered. */
  async destroy(): Promise<void> {
    await Promise.all([this.#main.disconnect(), this.#fetches.disconnect()]);
  }

  /** The client's process died. */
  abandon(): void {
    this.#main.abandon();
    this.#fetches.abandon();
  }
}
