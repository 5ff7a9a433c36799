import type { Server } from "node:http";
import { randomId, systemRandom } from "../../random/system-random.ts";
import type { HttpService, ServiceContext, ServiceDefinition } from "../../run/system.ts";
import { systemClock } from "../../time/system-clock.ts";
import { type OpenStoreClients, openStoreClients } from "../clients/open-store-clients.ts";
import { createRealFetch } from "./real-fetch.ts";
import { RecordFile } from "./record-file.ts";
import type { ServiceEnvironment } from "./service-environment.ts";

/** A service that runs in this process. */
export interface HostedService {
  readonly port: number;
  /** Finishes what it began, closes its connections. */
  stop(): Promise<void>;
}

/** Runs a service in this process, on real clients, listening on loopback. Rejects when it cannot start. */
export async function hostService(
  definition: ServiceDefinition,
  environment: ServiceEnvironment,
): Promise<HostedService> {
  const stores = await openStoreClients(environment.stores, definition.name);
  const records = environment.recordsPath === null ? null : new RecordFile(environment.recordsPath);
  const service = await definition.start(contextOf(definition.name, environment, stores, records));
  const server = await listen(service, environment.port);
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : environment.port,
    stop: async () => {
      await close(server);
      await service.stop?.();
      await stores[Symbol.asyncDispose]();
      records?.[Symbol.dispose]();
    },
  };
}

function contextOf(
  name: string,
  { services, startNs }: ServiceEnvironment,
  { clients }: OpenStoreClients,
  records: RecordFile | null,
): ServiceContext {
  const clock = systemClock(startNs);
  return {
    ...clients,
    name,
    clock,
    newId: randomId,
    random: systemRandom,
    fetch: createRealFetch(services),
    record: (f, key, value) => records?.append({ time: clock.monotonicNs(), node: name, f, key, value }),
  };
}

async function listen(service: HttpService, port: number): Promise<Server> {
  const { createAdaptorServer } = await import("@hono/node-server");
  const server = createAdaptorServer({
    fetch: (request) => service.fetch(request),
    overrideGlobalObjects: false,
  }) as Server;
  return await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}
