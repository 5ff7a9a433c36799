import type { Kysely } from "kysely";
import type { KafkaStore, MongodbStore, PostgresStore, RedisStore } from "../../harness/run/system.ts";
import type { DocumentDatabase } from "../document-database.ts";

/** Partitions of every topic: more than one, so that order holds within a stream only, as it does elsewhere. */
const partitions = 3;

/** A PostgreSQL server with what creates its tables, and the names of its read replicas where it has some. */
export function postgresStore(
  name: string,
  migrate: (database: Kysely<unknown>) => Promise<void>,
  replicas: readonly string[] = [],
): PostgresStore {
  return { name, kind: "postgres", ...(replicas.length === 0 ? {} : { replicas }), migrate };
}

/** A MongoDB database with what creates its indexes: nothing unless given. */
export function mongodbStore(
  name: string,
  migrate: (database: DocumentDatabase) => Promise<void> = async () => {},
): MongodbStore {
  return { name, kind: "mongodb", migrate };
}

/** A Kafka broker with its topics. */
export function kafkaStore(name: string, topics: readonly string[]): KafkaStore {
  return { name, kind: "kafka", topics: topics.map((topic) => ({ name: topic, partitions })) };
}

/** A Redis server. */
export function redisStore(name: string): RedisStore {
  return { name, kind: "redis" };
}
