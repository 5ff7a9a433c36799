import * as v from "valibot";
import type { Fault } from "./fault.ts";
import { nodeName, parseParams } from "./parse-params.ts";
import { replayBacklog, runOnReplica } from "./replay-backlog.ts";

/** Which replica shows nothing new. */
export type ReplicaPauseParams = { readonly replica: string };

const schema: v.GenericSchema<ReplicaPauseParams> = v.strictObject({ replica: nodeName });

const HEAL = "select pg_wal_replay_resume()";

/** Stops the replay of a replica: it answers, from a past that grows older. */
export const replicaPause: Fault<ReplicaPauseParams> = {
  name: "replica-pause",
  does: "stops the replay of a PostgreSQL replica: it goes on answering, with what it had",
  heals: "replays what waits, in order",
  bite: "commits that waited (real lane: looks at the replica that found it behind)",
  parse: (params) => parseParams("replica-pause", schema, params),
  target: ({ replica }) => replica,
  ready: (port, { replica }) => port.isUp(replica),
  inject: (port, { replica }) => {
    const server = port.replica(replica);
    const before = server.receivedCommits;
    server.pauseReplay();
    return {
      bites: () => server.receivedCommits - before,
      [Symbol.dispose]: () => server.resumeReplay(),
    };
  },
  real: async (port, { replica }) => {
    const server = port.postgres(replica);
    const undone = port.journal({ kind: "sql", store: replica, statements: [HEAL] });
    // One that has just been started again is up before it answers.
    await runOnReplica(port, server, ["select pg_wal_replay_pause()"]);
    return {
      bites: replayBacklog(server),
      heal: async () => {
        await runOnReplica(port, server, [HEAL]);
        undone();
      },
    };
  },
  needs: ["postgres-superuser"],
};
