import * as v from "valibot";
import type { ActiveRealFault, Fault } from "./fault.ts";
import { nodeName, parseParams } from "./parse-params.ts";
import { edgesOf } from "./real-edges.ts";
import type { RealFaultPort, RealPostgres } from "./real-fault-port.ts";

/** Which service finds no free connection at which store. */
export type PoolExhaustionParams = { readonly service: string; readonly store: string };

const schema: v.GenericSchema<PoolExhaustionParams> = v.strictObject({ service: nodeName, store: nodeName });

/** More connections than any server is set up for here. */
const CONNECTIONS_MAX = 2000;

const END_ALL = `select pg_terminate_backend(pid) as ended from pg_stat_activity
  where application_name = $1 and datname = $2 and backend_type = 'client backend' and pid <> pg_backend_pid()`;

/**
 * Takes every free connection slot of a store, as a leak elsewhere does, and ends the sessions of one
 * service, which then finds none free.
 */
export const poolExhaustion: Fault<PoolExhaustionParams> = {
  name: "pool-exhaustion",
  does: "takes every free connection of a PostgreSQL store and ends a service's own: it gets no new one (53300)",
  heals: "frees the connections",
  bite: "connections that were refused because there are too many",
  parse: (params) => parseParams("pool-exhaustion", schema, params),
  target: ({ service, store }) => `${store}, for ${service}`,
  ready: (port, { store }) => port.isUp(store),
  inject: (port, { service, store }) => {
    const server = port.postgres(store);
    const slots = server.takeSlots();
    while (server.terminateBackend(service));
    return { bites: () => slots.refused(), [Symbol.dispose]: () => slots[Symbol.dispose]() };
  },
  real: exhaust,
  needs: ["proxies", "postgres-slots"],
};

async function exhaust(
  port: RealFaultPort,
  { service, store }: PoolExhaustionParams,
): Promise<ActiveRealFault> {
  const server = port.postgres(store);
  const taken: { close(): Promise<void> }[] = [];
  let bites = 0;
  const hit = () => {
    bites++;
    return true;
  };
  const removers = edgesOf(port, service, store).map((edge) =>
    edge.arm({ select: "too-many-connections", fate: "pass", hit }),
  );
  const heal = async () => {
    // One that broke meanwhile is closed.
    for (const connection of taken.splice(0)) await connection.close().catch(() => {});
    for (const remove of removers.splice(0)) remove();
  };
  try {
    await takeAll(() => server.open(), taken);
    await endSessions(server, service, taken);
    // The slots of the sessions that were just ended are free a moment later.
    for (let attempt = 0; attempt < 20; attempt++) {
      await port.sleep(5);
      await takeAll(() => server.open(), taken);
    }
  } catch (error) {
    await heal();
    throw error;
  }
  return { bites: async () => bites, heal };
}

/** The statement itself may need a connection: then one of those that were taken is given back for it. */
async function endSessions(
  server: RealPostgres,
  service: string,
  taken: { close(): Promise<void> }[],
): Promise<void> {
  for (;;) {
    try {
      await server.query(END_ALL, [service, server.database]);
      return;
    } catch (error) {
      const spare = taken.pop();
      if ((error as { code?: unknown }).code !== "53300" || spare === undefined) throw error;
      await spare.close();
    }
  }
}

async function takeAll(
  open: () => Promise<{ close(): Promise<void> }>,
  taken: { close(): Promise<void> }[],
): Promise<void> {
  while (taken.length < CONNECTIONS_MAX) {
    try {
      taken.push(await open());
    } catch (error) {
      if ((error as { code?: unknown }).code === "53300") return;
      throw error;
    }
  }
}
