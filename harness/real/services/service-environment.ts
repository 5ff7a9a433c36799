import { FaultlineError } from "../../faultline-error.ts";
import type { ServiceDefinition } from "../../run/system.ts";
import { parseStoreAddress, type StoreAddress } from "../clients/store-address.ts";

/** Where a service finds what it needs, when it runs as a process of its own. */
export interface ServiceEnvironment {
  /** The loopback port that it listens on. */
  readonly port: number;
  /** Its stores by name. */
  readonly stores: ReadonlyMap<string, StoreAddress>;
  /** The services that it calls, by name: `http://host:port`. */
  readonly services: ReadonlyMap<string, string>;
  /** The file that its records are appended to; null: they are dropped. */
  readonly recordsPath: string | null;
  /** The reading of the machine's monotonic clock that counts as 0 in its records. */
  readonly startNs: bigint;
}

/** Variables that every service reads besides the addresses. */
export const serviceVariables = {
  port: "PORT",
  records: "FAULTLINE_RECORDS",
  start: "FAULTLINE_START_NS",
} as const;

/** The variable that holds the address of a store or service: `user-db` → `USER_DB_URL`. */
export function addressVariable(name: string): string {
  return `${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_")}_URL`;
}

/**
 * Reads the environment of a service: `PORT`, and for each store and each service that it calls an address
 * (`USER_DB_URL`, `PAYMENT_URL`). Throws `bad-environment` or `bad-address`, naming the variable.
 */
export function readServiceEnvironment(
  definition: ServiceDefinition,
  env: Readonly<Record<string, string | undefined>>,
): ServiceEnvironment {
  const stores = new Map<string, StoreAddress>();
  for (const store of definition.stores) {
    const variable = addressVariable(store);
    stores.set(store, parseStoreAddress(variable, required(definition, env, variable)));
  }
  const services = new Map<string, string>();
  for (const service of definition.calls ?? []) {
    const variable = addressVariable(service);
    services.set(service, parseServiceUrl(variable, required(definition, env, variable)));
  }
  const start = env[serviceVariables.start];
  return {
    port: parsePort(required(definition, env, serviceVariables.port)),
    stores,
    services,
    recordsPath: env[serviceVariables.records] ?? null,
    startNs: start === undefined || !/^\d{1,19}$/.test(start) ? 0n : BigInt(start),
  };
}

/** The variables that {@link readServiceEnvironment} reads back. */
export function writeServiceEnvironment(environment: ServiceEnvironment): Record<string, string> {
  const { port, stores, services, recordsPath, startNs } = environment;
  const env: Record<string, string> = {
    [serviceVariables.port]: String(port),
    [serviceVariables.start]: String(startNs),
  };
  if (recordsPath !== null) env[serviceVariables.records] = recordsPath;
  for (const [name, { url }] of stores) env[addressVariable(name)] = url;
  for (const [name, url] of services) env[addressVariable(name)] = url;
  return env;
}

function required(
  { name, stores, calls = [] }: ServiceDefinition,
  env: Readonly<Record<string, string | undefined>>,
  variable: string,
): string {
  const value = env[variable];
  if (value !== undefined && value !== "") return value;
  const needed = [serviceVariables.port, ...[...stores, ...calls].map(addressVariable)];
  throw new FaultlineError(
    "usage",
    "bad-environment",
    `The service "${name}" needs the environment variable ${variable}, which is not set.`,
    `It reads: ${needed.join(", ")}.`,
  );
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new FaultlineError("usage", "bad-environment", `PORT: expected a port number, found "${text}".`);
}

function parseServiceUrl(variable: string, text: string): string {
  const url = URL.parse(text);
  if (url?.protocol === "http:") return url.origin;
  throw new FaultlineError(
    "usage",
    "bad-address",
    `${variable}: expected an http:// URL, found "${text}".`,
    "For example: http://127.0.0.1:8080",
  );
}
