import { type KafkaAnswer, kafkaErrorCodes } from "./kafka-answer.ts";
import type { KafkajsInternals } from "./kafkajs-internals.ts";
import type { ConnectionRequest } from "./sim-kafka-connection.ts";
import type { SimKafkaConnectionPool } from "./sim-kafka-connection-pool.ts";

/** Requests to the model's broker whose answers and errors are those of kafkajs's own `Broker`. */
export class BrokerCalls {
  readonly pool: SimKafkaConnectionPool;
  readonly #kafkajs: KafkajsInternals;

  constructor(pool: SimKafkaConnectionPool, kafkajs: KafkajsInternals) {
    this.pool = pool;
    this.#kafkajs = kafkajs;
  }

  /** Sends a request and answers its value, or throws the error of kafkajs that its answer stands for. */
  async request<Value>(request: ConnectionRequest<Value>): Promise<Value> {
    return this.valueOf(await this.send(request));
  }

  /** Sends a request that is not a fetch. */
  send<Value>(request: ConnectionRequest<Value>): Promise<KafkaAnswer<Value>> {
    return this.watchLoss(this.pool.request(request));
  }

  /** A connection that the broker has closed takes the other one of the pool with it. */
  async watchLoss<Value>(sent: Promise<Value>): Promise<Value> {
    try {
      return await sent;
    } catch (error) {
      if (error instanceof Error && error.name === "KafkaJSConnectionClosedError") await this.pool.destroy();
      throw error;
    }
  }

  /** The value, or the error of kafkajs that the answer stands for, thrown. */
  valueOf<Value>(answer: KafkaAnswer<Value>): Value {
    if (answer.ok) return answer.value;
    const { errors, createErrorFromCode } = this.#kafkajs;
    const { code, detail } = answer;
    if (code === kafkaErrorCodes.offsetOutOfRange && detail !== undefined) {
      throw new errors.KafkaJSOffsetOutOfRange(createErrorFromCode(code), detail);
    }
    if (code === kafkaErrorCodes.memberIdRequired && detail !== undefined) {
      throw new errors.KafkaJSMemberIdRequired(createErrorFromCode(code), detail);
    }
    if (detail?.topics !== undefined) {
      const causes = detail.topics.map(
        (failed) => new errors.KafkaJSCreateTopicError(createErrorFromCode(failed.code), failed.topic),
      );
      throw new errors.KafkaJSAggregateError("Topic creation errors", causes);
    }
    throw createErrorFromCode(code);
  }
}
