import { Kafka, logLevel } from "kafkajs";
import { MongoClient } from "mongodb";
import type { RunningServer } from "./running-server.ts";

const TOPIC = "exercise";

/** Makes a topic, writes a message and reads it in a group, so that the classes for that are loaded. */
export async function exerciseKafka({ host, port }: RunningServer): Promise<void> {
  const kafka = new Kafka({ brokers: [`${host}:${port}`], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  const producer = kafka.producer({ idempotent: true });
  const consumer = kafka.consumer({ groupId: TOPIC, maxWaitTimeInMs: 50 });
  try {
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: TOPIC, numPartitions: 1 }] });
    await producer.connect();
    await producer.send({ topic: TOPIC, messages: [{ key: "a", value: "b" }] });
    await consumer.connect();
    await consumer.subscribe({ topic: TOPIC, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      consumer.on("consumer.crash", ({ payload }) => reject(payload.error));
      void consumer.run({ eachMessage: async () => resolve() }).catch(reject);
    });
  } finally {
    await Promise.allSettled([consumer.disconnect(), producer.disconnect(), admin.disconnect()]);
  }
}

/** Inserts, indexes, updates, finds and deletes a document. */
export async function exerciseMongodb({ url }: RunningServer): Promise<void> {
  await using client = await MongoClient.connect(url, { serverSelectionTimeoutMS: 10_000 });
  const collection = client.db().collection<{ _id: string; n: number }>(TOPIC);
  await collection.createIndex({ n: 1 }, { unique: true });
  await collection.insertOne({ _id: "a", n: 1 });
  await collection.findOneAndUpdate({ _id: "a" }, { $inc: { n: 1 } });
  await collection
    .find({ n: { $gt: 0 } })
    .sort({ n: 1 })
    .toArray();
  await collection.deleteMany({});
}
