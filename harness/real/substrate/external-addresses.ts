import type { StoreDefinition } from "../../run/system.ts";

/** Where servers are that somebody else started, as URLs with user and password. */
export interface ExternalAddresses {
  /** Of a role that may create databases: `postgres://user:password@host:5432/postgres`. */
  readonly postgres?: string;
  /** A streaming replica of it, with the same roles. */
  readonly postgresReplica?: string;
  /** `mongodb://user:password@host:27017/`; a user that may create and drop databases. */
  readonly mongodb?: string;
  /** `redis://host:6379/9`: the first of the databases to be used, which must be empty. */
  readonly redis?: string;
}

/** Kinds of stores that can be somebody else's. */
export type ExternalKind = Exclude<StoreDefinition["kind"], "kafka">;

/** All of them. */
export const externalKinds: readonly ExternalKind[] = ["postgres", "mongodb", "redis"];

/** The protocol of a server's URL, and its usual port. */
export const externalServers: Readonly<
  Record<
    ExternalKind,
    { readonly label: string; readonly protocols: readonly string[]; readonly port: number }
  >
> = {
  postgres: { label: "PostgreSQL", protocols: ["postgres:", "postgresql:"], port: 5432 },
  mongodb: { label: "MongoDB", protocols: ["mongodb:"], port: 27_017 },
  redis: { label: "Redis", protocols: ["redis:"], port: 6379 },
};

/** Why a text is no address of that kind of server, in words; null where it is one. */
export function addressProblem(kind: ExternalKind, address: string): string | null {
  const { protocols, port } = externalServers[kind];
  const url = URL.parse(address);
  if (url !== null && protocols.includes(url.protocol) && url.hostname !== "") return null;
  return `expected a URL such as ${protocols[0]}//user:password@host:${port}/`;
}

/** Host and port of an address, for people: without user and password. */
export function placeOf(
  kind: ExternalKind,
  address: string,
): { readonly host: string; readonly port: number } {
  const { hostname, port } = new URL(address);
  // What stands in brackets is an address of IPv6; whoever connects takes it without them.
  return {
    host: hostname.replace(/^\[|\]$/g, ""),
    port: port === "" ? externalServers[kind].port : Number(port),
  };
}
