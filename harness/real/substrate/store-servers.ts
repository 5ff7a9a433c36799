import type { KafkaListener } from "../components/kafka-settings.ts";
import type { RunningServer } from "../components/running-server.ts";
import type { ReplicationLink } from "./replication-link.ts";

/** A store's server on a loopback port, be it a process or a container. */
export type StoreServer = Pick<RunningServer, "port" | "url" | "running" | "kill" | "stop" | "restart">;

/** A PostgreSQL server. */
export interface PostgresServer extends StoreServer {
  /** The URL of one of its databases, for its superuser. */
  urlOf(database: string): string;
}

/** A standby, and where it finds its primary. */
export interface ReplicaServer extends PostgresServer {
  readonly link: ReplicationLink;
}

/** A Kafka broker, and the ways to it. */
export interface KafkaWithWays {
  readonly server: StoreServer;
  readonly listeners: readonly KafkaListener[];
}

/** Servers that are started when they are first needed; the number tells those of one kind apart. */
export interface StoreServers {
  postgres(number: number): Promise<PostgresServer>;
  /** One of the standbys of that primary; `which` counts them from 0. Not to be asked for two of them at once. */
  replica(number: number, which: number): Promise<ReplicaServer>;
  mongodb(number: number): Promise<StoreServer>;
  redis(number: number): Promise<StoreServer>;
  kafka(): Promise<KafkaWithWays>;
}
