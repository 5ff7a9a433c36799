import type { Admin } from "kafkajs";
import type { EventBroker } from "./event-broker.ts";

/** The part of a kafkajs `Kafka` instance that is needed to read a topic to its end. */
export interface LogBroker extends EventBroker {
  admin(): Pick<Admin, "connect" | "disconnect" | "fetchTopicOffsets">;
}
