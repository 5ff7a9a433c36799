import type { RealFaultPort, RealPostgres } from "./real-fault-port.ts";

const BEHIND = "select pg_last_wal_receive_lsn() > pg_last_wal_replay_lsn() as behind";

/** A replica that another fault has killed comes back within this time. */
const ATTEMPTS = 200;
const PAUSE_MS = 50;

/** Counts the looks at a replica that find it with log that is received and not replayed. */
export function replayBacklog(replica: RealPostgres): () => Promise<number> {
  let bites = 0;
  return async () => {
    // A replica that is down just now shows nothing.
    const rows = await replica.query(BEHIND).catch(() => []);
    if (rows[0]?.behind === true) bites++;
    return bites;
  };
}

/** Runs statements on a replica, again and again while it is down. Rejects with its last error. */
export async function runOnReplica(
  port: RealFaultPort,
  replica: RealPostgres,
  statements: readonly string[],
): Promise<void> {
  for (const statement of statements) {
    for (let attempt = 1; ; attempt++) {
      try {
        await replica.query(statement);
        break;
      } catch (error) {
        if (attempt === ATTEMPTS) throw error;
        await port.sleep(PAUSE_MS);
      }
    }
  }
}
