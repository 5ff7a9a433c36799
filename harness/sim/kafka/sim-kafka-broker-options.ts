import type { RandomStream } from "../../random/random-stream.ts";
import type { Clock } from "../../time/clock.ts";
import type { Scheduler } from "../scheduler.ts";
import type { Owner } from "../sim-event.ts";
import type { FetchPoll, Heartbeats } from "./fetch-poll.ts";
import type { KafkaServer } from "./kafka-server.ts";
import type { KafkajsInternals } from "./kafkajs-internals.ts";

/** What the brokers of one client share. */
export interface SimKafkaBrokerOptions {
  readonly scheduler: Scheduler;
  readonly server: KafkaServer;
  readonly kafkajs: KafkajsInternals;
  readonly random: RandomStream;
  readonly clock: Clock;
  readonly owner: Owner;
  readonly clientId: string;
  /** How often a consumer sends heartbeats. */
  readonly heartbeatIntervalMs: number;
  /** The client that these brokers belong to. */
  readonly client: BrokerClient;
}

/** What a client remembers across reconnections. */
export interface BrokerClient {
  heartbeats: Heartbeats | null;
  poll: FetchPoll | null;
}
