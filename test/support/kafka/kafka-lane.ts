import type { EventBroker } from "../../../harness/run/store-clients.ts";

/** A client process of a lane. */
export interface LaneClient {
  readonly kafka: EventBroker;
  /** Ends it as a kill does: its connections break and nothing is said. */
  crash(): void;
}

/** Where a program runs: on the model or on the real broker. */
export interface KafkaLane {
  /** Goes in front of the names of topics and groups. */
  readonly prefix: string;
  client(name: string): LaneClient;
  /** Runs work on behalf of a client until it settles. */
  finish<Value>(client: LaneClient, work: () => Promise<Value>): Promise<Value>;
  pass(ms: number): Promise<void>;
  /** Deletes records as `kafka-delete-records` does; false if it was refused. */
  trim(topic: string, partition: number, beforeOffset: number): Promise<boolean>;
}
