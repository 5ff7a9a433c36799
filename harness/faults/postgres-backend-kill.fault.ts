import * as v from "valibot";
import type { Fault } from "./fault.ts";
import { nodeName, parseParams } from "./parse-params.ts";

/** Which service loses one of its sessions at which store. */
export type PostgresBackendKillParams = { readonly service: string; readonly store: string };

const schema: v.GenericSchema<PostgresBackendKillParams> = v.strictObject({
  service: nodeName,
  store: nodeName,
});

/** Sessions carry the name of their service, as those of others on the same server may; the one whose transaction is the oldest goes first. */
const TERMINATE = `select pg_terminate_backend(pid) as ended from pg_stat_activity
  where application_name = $1 and datname = $2 and backend_type = 'client backend' and pid <> pg_backend_pid()
  order by xact_start nulls last, backend_start limit 1`;

/** How long the real lane waits for the service to have a session. */
const WAIT_ATTEMPTS = 100;
const WAIT_MS = 20;

/** Ends one session of a service, in the middle of a transaction if it has one. */
export const postgresBackendKill: Fault<PostgresBackendKillParams> = {
  name: "postgres-backend-kill",
  does: "ends one session of a service at a PostgreSQL store (57P01), one that is in a transaction first",
  heals: "nothing is left to heal: the service connects again",
  bite: "1 when a session was ended",
  parse: (params) => parseParams("postgres-backend-kill", schema, params),
  target: ({ service, store }) => `one session of ${service} at ${store}`,
  ready: (port, { service, store }) => port.isUp(store) && port.postgres(store).hasBackend(service),
  inject: (port, { service, store }) => {
    const bites = port.postgres(store).terminateBackend(service) ? 1 : 0;
    return { bites: () => bites, [Symbol.dispose]: () => {} };
  },
  real: async (port, { service, store }) => {
    const server = port.postgres(store);
    let bites = 0;
    for (let attempt = 0; bites === 0 && attempt < WAIT_ATTEMPTS; attempt++) {
      if (attempt > 0) await port.sleep(WAIT_MS);
      const rows = await server.query(TERMINATE, [service, server.database]);
      bites = rows.filter(({ ended }) => ended === true).length;
    }
    return { bites: async () => bites, heal: async () => {} };
  },
  needs: ["postgres-sessions"],
};
