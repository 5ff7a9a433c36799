import type { StoreDefinition } from "../../run/system.ts";
import { asksForEncryption } from "./asks-for-encryption.ts";

/** Where servers are that somebody else started, as URLs with user and password. */
export interface ExternalAddresses {
  /** Of a role that may create databases: `postgres://user:password@host:5432/postgres`. */
  readonly postgres?: string | undefined;
  /** A streaming replica of it, with the same roles. */
  readonly postgresReplica?: string | undefined;
  /** `mongodb://user:password@host:27017/`; a user that may create and drop databases. */
  readonly mongodb?: string | undefined;
  /** `redis://host:6379/9`: the first of the databases to be used, which must be empty. */
  readonly redis?: string | undefined;
  /** Brokers of one cluster, without TLS and SASL: `host:9092,host2:9092`. */
  readonly kafka?: string | undefined;
}

/** Kinds of stores that can be somebody else's: all of them. */
export type ExternalKind = StoreDefinition["kind"];

/** In the order in which they are shown. */
export const externalKinds: readonly ExternalKind[] = ["postgres", "mongodb", "redis", "kafka"];

interface ExternalServerKind {
  readonly label: string;
  /** What its address may begin with. */
  readonly protocols: readonly string[];
  /** Where it listens unless the address says otherwise. */
  readonly port: number;
  /** What its user must be able to do. */
  readonly needs: string;
}

const databases = "its user must be able to connect, and to create and drop databases";

/** What is particular to each. */
export const externalServers: Readonly<Record<ExternalKind, ExternalServerKind>> = {
  postgres: {
    label: "PostgreSQL",
    protocols: ["postgres:", "postgresql:"],
    port: 5432,
    needs: databases,
  },
  mongodb: { label: "MongoDB", protocols: ["mongodb:"], port: 27_017, needs: databases },
  redis: { label: "Redis", protocols: ["redis:"], port: 6379, needs: databases },
  kafka: {
    label: "Kafka",
    protocols: [],
    port: 9092,
    needs: "every broker must answer at the address that it tells its clients, without TLS and SASL",
  },
};

/** Why a text is no address of that kind of server, or of one that can be used, in words; null where it is one. */
export function addressProblem(kind: ExternalKind, address: string): string | null {
  const encrypted = asksForEncryption(kind, address);
  if (encrypted !== null) return encrypted;
  if (kind === "kafka") {
    const brokers = address.split(",");
    if (brokers.every((broker) => /^[\w.-]+:\d{1,5}$/.test(broker))) return null;
    return "expected brokers such as host:9092,host2:9092";
  }
  const { protocols, port } = externalServers[kind];
  const url = URL.parse(address);
  if (url !== null && protocols.includes(url.protocol) && url.hostname !== "") return null;
  return `expected a URL such as ${protocols[0]}//user:password@host:${port}/`;
}

/** Host and port of the address of one server: without user and password. */
export function placeOf(
  kind: Exclude<ExternalKind, "kafka">,
  address: string,
): { readonly host: string; readonly port: number } {
  const { hostname, port } = new URL(address);
  // What stands in brackets is an address of IPv6; whoever connects takes it without them.
  return {
    host: hostname.replace(/^\[|\]$/g, ""),
    port: port === "" ? externalServers[kind].port : Number(port),
  };
}
