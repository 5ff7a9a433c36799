import type { RealPostgres } from "./real-fault-port.ts";

const BEHIND = "select pg_last_wal_receive_lsn() > pg_last_wal_replay_lsn() as behind";

/** Counts the looks at a replica that find it with log that is received and not replayed. */
export function replayBacklog(replica: RealPostgres): () => Promise<number> {
  let bites = 0;
  return async () => {
    const [row] = await replica.query(BEHIND);
    if (row?.behind === true) bites++;
    return bites;
  };
}
