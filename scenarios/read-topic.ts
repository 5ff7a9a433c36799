import type { EachMessageHandler } from "kafkajs";
import type { StoreClients } from "../harness/run/system.ts";

/** A message as it lies in a topic. */
export interface TopicMessage {
  readonly key: string;
  readonly value: string;
}

/** The group of whoever looks at a topic in the end. */
const inspectionGroup = "faultline-inspection";

/** Everything that a topic of a Kafka store holds, from its beginning: per key in the order of the log. */
export async function readTopic(
  stores: StoreClients,
  store: string,
  topic: string,
): Promise<readonly TopicMessage[]> {
  const kafka = stores.kafka(store);
  const admin = kafka.admin();
  await admin.connect();
  const offsets = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  const total = offsets.reduce((sum, { low, high }) => sum + Number(high) - Number(low), 0);
  const messages: TopicMessage[] = [];
  const seen = new Set<string>();
  if (total === 0) return messages;
  const consumer = kafka.consumer({ groupId: inspectionGroup, maxWaitTimeInMs: 50 });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    const eachMessage: EachMessageHandler = async ({ partition, message }) => {
      // A group that is balanced anew is given again what it did not commit.
      const place = `${partition}:${message.offset}`;
      if (seen.has(place)) return;
      seen.add(place);
      messages.push({ key: message.key?.toString() ?? "", value: message.value?.toString() ?? "" });
      if (messages.length === total) resolve();
    };
    consumer.run({ autoCommit: false, eachMessage }).catch(reject);
  });
  await consumer.disconnect();
  return messages;
}
