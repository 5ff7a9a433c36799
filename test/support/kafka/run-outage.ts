import type { KafkaLane } from "./kafka-lane.ts";
import { describeError, laneRetry } from "./run-program.ts";

/** How a lane's broker dies and comes back. */
export interface Outage {
  kill(): Promise<void>;
  restart(): Promise<void>;
}

/**
 * A producer and a consumer over the death and return of their broker. Answers what was sent, which
 * errors there were, and what was consumed, as text.
 */
export async function runOutage(lane: KafkaLane, { kill, restart }: Outage): Promise<string[]> {
  const results: string[] = [];
  const topic = `${lane.prefix}-outage`;
  const client = lane.client("outage");
  const admin = client.kafka.admin();
  const producer = client.kafka.producer({ retry: laneRetry });
  const consumer = client.kafka.consumer({
    groupId: `${lane.prefix}-outage`,
    sessionTimeout: 6000,
    heartbeatInterval: 500,
    maxWaitTimeInMs: 50,
    retry: laneRetry,
  });
  const send = async (value: string): Promise<void> => {
    const sent = await producer
      .send({ topic, messages: [{ key: "k", value }] })
      .then(([one]) => `at ${one?.baseOffset}`, describeError);
    // Addresses differ, and whether a closed or a refused connection was met last.
    results.push(`${value} ${sent.replaceAll(/[\w.]+:\d+/g, "broker")}`);
  };
  const got: string[] = [];
  await lane.finish(client, async () => {
    await admin.connect();
    await admin.createTopics({ topics: [{ topic }], waitForLeaders: false });
    await producer.connect();
    await consumer.connect();
  });
  await lane.pass(1000);
  await lane.finish(client, async () => {
    await send("a");
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      eachMessage: async ({ message }) => {
        got.push(`${message.offset} ${String(message.value)}`);
      },
    });
  });
  await waitFor(lane, () => got.length > 0);
  await lane.pass(500);
  await kill();
  await lane.pass(200);
  await lane.finish(client, () => send("b"));
  await restart();
  await lane.finish(client, () => send("c"));
  await waitFor(lane, () => got.length > 1);
  const request = { groupId: `${lane.prefix}-outage`, topics: [topic] };
  await lane.pass(1000);
  const [offsets] = await lane.finish(client, () => admin.fetchOffsets(request));
  results.push(JSON.stringify(got), JSON.stringify(offsets?.partitions));
  await lane.finish(client, async () => {
    await consumer.disconnect();
    await producer.disconnect();
    await admin.disconnect();
  });
  return results;
}

async function waitFor(lane: KafkaLane, condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition(); waited += 50) {
    if (waited > 60_000) throw new Error("nothing was consumed");
    await lane.pass(50);
  }
}
