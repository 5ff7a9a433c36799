import * as v from "valibot";
import type { Fault } from "./fault.ts";
import { durationMs, nodeName, parseParams } from "./parse-params.ts";
import { replayBacklog, runOnReplica } from "./replay-backlog.ts";

/** Which replica falls behind, and by how many milliseconds. */
export type ReplicaLagParams = { readonly replica: string; readonly delayMs: number };

const schema: v.GenericSchema<ReplicaLagParams> = v.strictObject({ replica: nodeName, delayMs: durationMs });

const HEAL = ["alter system reset recovery_min_apply_delay", "select pg_reload_conf()"];

/** Makes a replica show every commit later, by a fixed time after it happened. */
export const replicaLag: Fault<ReplicaLagParams> = {
  name: "replica-lag",
  does: "makes a PostgreSQL replica replay each commit only so long after it happened",
  heals: "replays what waits, and then at the usual pace",
  bite: "commits that waited (real lane: looks at the replica that found it behind)",
  parse: (params) => parseParams("replica-lag", schema, params),
  target: ({ replica, delayMs }) => `${replica}, +${delayMs} ms`,
  ready: (port, { replica }) => port.isUp(replica),
  inject: (port, { replica, delayMs }) => {
    const server = port.replica(replica);
    const before = server.receivedCommits;
    server.setApplyDelay(delayMs);
    return {
      bites: () => server.receivedCommits - before,
      [Symbol.dispose]: () => server.setApplyDelay(0),
    };
  },
  real: async (port, { replica, delayMs }) => {
    const server = port.postgres(replica);
    const undone = port.journal({ kind: "sql", store: replica, statements: HEAL });
    // ALTER SYSTEM takes no parameters; the number was checked.
    const delay = `alter system set recovery_min_apply_delay = ${Math.round(delayMs)}`;
    // One that has just been started again is up before it answers.
    await runOnReplica(port, server, [delay, "select pg_reload_conf()"]);
    return {
      bites: replayBacklog(server),
      heal: async () => {
        await runOnReplica(port, server, HEAL);
        undone();
      },
    };
  },
  needs: ["postgres-superuser"],
};
