import type { KafkajsErrors } from "./kafkajs-internals.ts";
import type { LinkLoss } from "./sim-kafka-link.ts";

/** Where the one broker listens. */
export const KAFKA_PORT = 9092;

/** The errors that kafkajs's connections end in, for one broker. */
export class ConnectionErrors {
  readonly #errors: KafkajsErrors;
  readonly #host: string;

  constructor(errors: KafkajsErrors, host: string) {
    this.#errors = errors;
    this.#host = host;
  }

  /** The connection is gone. */
  lost(how: LinkLoss): Error {
    const host = this.#host;
    if (how === "refused") {
      const message = `Connection error: connect ECONNREFUSED ${host}:${KAFKA_PORT}`;
      return this.connectionError(message, "ECONNREFUSED");
    }
    if (how === "reset") return this.connectionError("Connection error: read ECONNRESET", "ECONNRESET");
    return new this.#errors.KafkaJSConnectionClosedError("Closed connection", { host, port: KAFKA_PORT });
  }

  /** An answer did not come in time. */
  timedOut(message: string): Error {
    return new this.#errors.KafkaJSRequestTimeoutError(message, { broker: `${this.#host}:${KAFKA_PORT}` });
  }

  /** Something else about the connection. */
  connectionError(message: string, code?: string): Error {
    const broker = `${this.#host}:${KAFKA_PORT}`;
    return new this.#errors.KafkaJSConnectionError(
      message,
      code === undefined ? { broker } : { broker, code },
    );
  }
}
