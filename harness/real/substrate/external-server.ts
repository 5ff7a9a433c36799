import type { Admin } from "kafkajs";
import { FaultlineError } from "../../faultline-error.ts";
import { identifyMongodb } from "../components/mongodb-identity.ts";
import { runSql } from "../components/postgres-sql.ts";
import { connectRedis } from "./connect-redis.ts";
import { type ExternalKind, externalServers, placeOf } from "./external-addresses.ts";
import { impatientKafkaAdmin, withKafkaAdmin } from "./kafka-admin.ts";

/** A server of somebody else, as far as a run has to do with it. */
export interface ExternalServer {
  /** `PostgreSQL 17.2 (external)`; `MongoDB protocol stand-in 5.0.0 (external)` where it is none. */
  readonly label: string;
  readonly address: string;
}

/** Asks a server for its version. Throws `external-unreachable` where it does not answer, or not to this user. */
export async function reachExternal(kind: ExternalKind, address: string): Promise<ExternalServer> {
  try {
    const { label = externalServers[kind].label, version } = await identities[kind](address);
    return { label: `${label} ${version} (external)`, address };
  } catch (error) {
    throw cannotUse(kind, address, error);
  }
}

/** What went wrong with somebody else's server, without its password. */
export function cannotUse(kind: ExternalKind, address: string, error: unknown): FaultlineError {
  const first = error instanceof AggregateError ? error.errors[0] : error;
  const told = first instanceof Error ? first.message || first.name : String(first);
  const { label, needs } = externalServers[kind];
  return new FaultlineError(
    "harness",
    "external-unreachable",
    `${label} at ${shown(kind, address)} cannot be used: ${withoutPassword(kind, address, told).trim().replace(/\.$/, "")}.`,
    `Start it, or correct \`external.${kind}\` in the configuration: ${needs}.`,
  );
}

function shown(kind: ExternalKind, address: string): string {
  if (kind === "kafka") return address;
  const { host, port } = placeOf(kind, address);
  return `${host}:${port}`;
}

function withoutPassword(kind: ExternalKind, address: string, told: string): string {
  if (kind === "kafka") return told;
  const { password } = new URL(address);
  if (password === "") return told;
  return told.replaceAll(decodeURIComponent(password), "…").replaceAll(password, "…");
}

/** What a server says that it is; without a label, what its kind is called. */
interface ServerIdentity {
  readonly label?: string;
  readonly version: string;
}

const identities: Readonly<Record<ExternalKind, (address: string) => Promise<ServerIdentity>>> = {
  postgres: async (address) => {
    const [row] = await runSql(address, "SHOW server_version");
    return { version: String(row?.server_version).split(" ")[0] ?? "" };
  },
  mongodb: (address) => identifyMongodb(address),
  redis: async (address) => {
    await using redis = await connectRedis(address);
    return { version: /redis_version:(\S+)/.exec(await redis.client.info("server"))?.[1] ?? "" };
  },
  // A cluster does not tell its version.
  kafka: async (address) => {
    const work = async (admin: Admin) => {
      const cluster = await admin.describeCluster();
      // Every broker is asked for that, at the address that it tells its clients.
      await admin.listGroups();
      return cluster;
    };
    const { clusterId, brokers } = await withKafkaAdmin(address.split(","), work, impatientKafkaAdmin);
    const count = `${brokers.length} ${brokers.length === 1 ? "broker" : "brokers"}`;
    return { version: `cluster ${clusterId} of ${count}` };
  },
};
