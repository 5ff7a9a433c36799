import type { Admin, Consumer, ConsumerConfig, Producer, ProducerConfig } from "kafkajs";
import type { Collection, Document } from "mongodb";
import type { RedisClientType } from "redis";

/** The part of kafkajs's producer that both lanes have. */
export type EventProducer = Pick<Producer, "connect" | "disconnect" | "send" | "sendBatch">;

/** The part of kafkajs's consumer that both lanes have. */
export type EventConsumer = Pick<
  Consumer,
  | "connect"
  | "disconnect"
  | "subscribe"
  | "run"
  | "stop"
  | "seek"
  | "pause"
  | "resume"
  | "commitOffsets"
  | "on"
>;

/** The part of kafkajs's admin client that both lanes have. */
export type EventAdmin = Pick<
  Admin,
  "connect" | "disconnect" | "createTopics" | "listTopics" | "fetchTopicOffsets" | "fetchOffsets"
>;

/** The part of a kafkajs `Kafka` instance that both lanes have. */
export interface EventBroker {
  producer(config?: ProducerConfig): EventProducer;
  consumer(config: ConsumerConfig): EventConsumer;
  admin(): EventAdmin;
}

/** The part of a `mongodb` collection that both lanes have; operators outside of the model's set are refused. */
export type DocumentCollection<Schema extends Document = Document> = Pick<
  Collection<Schema>,
  | "insertOne"
  | "insertMany"
  | "findOne"
  | "find"
  | "updateOne"
  | "updateMany"
  | "replaceOne"
  | "deleteOne"
  | "deleteMany"
  | "findOneAndUpdate"
  | "countDocuments"
  | "createIndex"
>;

/** The part of a `mongodb` database that both lanes have. */
export interface DocumentDatabase {
  collection<Schema extends Document = Document>(name: string): DocumentCollection<Schema>;
}

/** The part of a node-redis client that both lanes have. It must be connected before its first command. */
export type RedisClient = Pick<
  RedisClientType,
  | "connect"
  | "close"
  | "destroy"
  | "get"
  | "set"
  | "del"
  | "incr"
  | "pExpire"
  | "pTTL"
  | "hSet"
  | "hGet"
  | "hGetAll"
  | "eval"
  | "xAdd"
  | "xLen"
  | "xRange"
  | "xGroupCreate"
  | "xReadGroup"
  | "xAck"
  | "xAutoClaim"
>;
