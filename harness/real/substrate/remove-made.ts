import type { Clock } from "../../time/clock.ts";
import { runSql } from "../components/postgres-sql.ts";
import { connectRedis } from "./connect-redis.ts";
import { withKafkaAdmin } from "./kafka-admin.ts";
import { removeGroups, removeTopics } from "./kafka-topics.ts";

const CONNECT_TIMEOUT_MS = 5000;
/** A member that was killed stays one until its session ends: 30 s is what kafkajs asks for by default. */
const GROUP_EMPTY_MS = 40_000;

/** Something that was made on a server of somebody else. URLs have user and password. */
export type MadeThing =
  | { readonly kind: "postgres" | "mongodb"; readonly url: string; readonly database: string }
  /** The database of the URL, which was empty. */
  | { readonly kind: "redis"; readonly url: string }
  | {
      readonly kind: "kafka";
      readonly brokers: readonly string[];
      readonly topics: readonly string[];
      readonly groups: readonly string[];
    };

/** Removes it. Harmless where it is gone. Rejects where its server does not let it be removed. */
export async function removeMade(thing: MadeThing, clock: Clock): Promise<void> {
  switch (thing.kind) {
    case "postgres":
      await runSql(thing.url, `DROP DATABASE IF EXISTS "${thing.database}" WITH (FORCE)`);
      return;
    case "mongodb":
      return await dropMongodb(thing.url, thing.database);
    case "redis": {
      await using redis = await connectRedis(thing.url);
      await redis.client.flushDb();
      return;
    }
    case "kafka":
      return await removeFromKafka(thing, clock);
  }
}

async function dropMongodb(url: string, database: string): Promise<void> {
  const { MongoClient } = await import("mongodb");
  const client = new MongoClient(url, { serverSelectionTimeoutMS: CONNECT_TIMEOUT_MS });
  try {
    await client.db(database).dropDatabase();
  } finally {
    await client.close();
  }
}

async function removeFromKafka(
  { brokers, topics, groups }: Extract<MadeThing, { kind: "kafka" }>,
  clock: Clock,
): Promise<void> {
  await withKafkaAdmin(brokers, async (admin) => {
    const there = await admin.listTopics();
    await removeTopics(
      admin,
      topics.filter((topic) => there.includes(topic)),
      clock,
    );
    await removeGroups(admin, groups, GROUP_EMPTY_MS, clock);
  });
}
