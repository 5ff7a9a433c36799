import { FaultlineError } from "../../faultline-error.ts";
import { runSql } from "../components/postgres-sql.ts";
import { type ExternalKind, externalServers, placeOf } from "./external-addresses.ts";

const CONNECT_TIMEOUT_MS = 5000;

/** A server of somebody else, as far as a run has to do with it. */
export interface ExternalServer {
  /** `PostgreSQL 17.2 (external)`. */
  readonly label: string;
  readonly address: string;
}

/** Asks a server for its version. Throws `external-unreachable` where it does not answer, or not to this user. */
export async function reachExternal(kind: ExternalKind, address: string): Promise<ExternalServer> {
  try {
    const version = await versions[kind](address);
    return { label: `${externalServers[kind].label} ${version} (external)`, address };
  } catch (error) {
    throw cannotUse(kind, address, error);
  }
}

/** What went wrong with somebody else's server, without its password. */
export function cannotUse(kind: ExternalKind, address: string, error: unknown): FaultlineError {
  const { host, port } = placeOf(kind, address);
  const { password } = new URL(address);
  const first = error instanceof AggregateError ? error.errors[0] : error;
  const told = first instanceof Error ? first.message || first.name : String(first);
  const why =
    password === "" ? told : told.replaceAll(decodeURIComponent(password), "…").replaceAll(password, "…");
  return new FaultlineError(
    "harness",
    "external-unreachable",
    `${externalServers[kind].label} at ${host}:${port} cannot be used: ${why.trim().replace(/\.$/, "")}.`,
    `Start it, or correct \`external.${kind}\` in the configuration: its user must be able to connect, and to create and drop databases.`,
  );
}

const versions: Readonly<Record<ExternalKind, (address: string) => Promise<string>>> = {
  postgres: async (address) => {
    const [row] = await runSql(address, "SHOW server_version");
    return String(row?.server_version).split(" ")[0] ?? "";
  },
  mongodb: async (address) => {
    const { MongoClient } = await import("mongodb");
    const client = new MongoClient(address, { serverSelectionTimeoutMS: CONNECT_TIMEOUT_MS });
    try {
      const { version } = await client.db("admin").command({ buildInfo: 1 });
      return String(version);
    } finally {
      await client.close();
    }
  },
  redis: async (address) => {
    await using redis = await connectRedis(address);
    return /redis_version:(\S+)/.exec(await redis.client.info("server"))?.[1] ?? "";
  },
};

/** A connection to Redis that is given up where the server does not answer at once. */
export async function connectRedis(
  address: string,
): Promise<{ readonly client: import("redis").RedisClientType; [Symbol.asyncDispose](): Promise<void> }> {
  const { createClient } = await import("redis");
  const client = createClient({
    url: address,
    disableOfflineQueue: true,
    socket: { connectTimeout: CONNECT_TIMEOUT_MS, reconnectStrategy: false },
  });
  client.on("error", () => {});
  await client.connect();
  return {
    client: client as import("redis").RedisClientType,
    [Symbol.asyncDispose]: async () => client.destroy(),
  };
}
