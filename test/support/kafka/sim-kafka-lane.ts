import type { KafkaLane, LaneClient } from "./kafka-lane.ts";
import { laneRetry } from "./run-program.ts";
import { type KafkaWorldProcess, SimKafkaWorld } from "./sim-kafka-world.ts";

/** A lane on a model broker of its own. Dispose it before another one is made: it pins the globals. */
export interface SimKafkaLane extends KafkaLane, Disposable {
  readonly world: SimKafkaWorld;
}

/** Makes the model's lane. */
export function simKafkaLane(prefix: string, seed: number): SimKafkaLane {
  const world = new SimKafkaWorld([], seed);
  const processes = new Map<LaneClient, KafkaWorldProcess>();
  return {
    world,
    prefix,
    client: (name) => {
      const process = world.process(name, { retry: laneRetry, requestTimeout: 15_000 });
      const client = { kafka: process.kafka, crash: () => process.die() };
      processes.set(client, process);
      return client;
    },
    finish: (client, work) => world.finish(processes.get(client)?.owner ?? world.root, work),
    pass: (ms) => world.run(ms),
    trim: async (topic, partition, beforeOffset) =>
      world.server.deleteRecords(topic, partition, beforeOffset),
    [Symbol.dispose]: () => world[Symbol.dispose](),
  };
}
