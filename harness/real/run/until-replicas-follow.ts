import type { Clock } from "../../time/clock.ts";
import { waitUntil } from "../processes/wait-until.ts";
import type { ProvisionedStores } from "../substrate/substrate.ts";

const FOLLOW_MS_MAX = 20_000;

/** On the replica: does it receive, and has it replayed what the primary had? */
const FOLLOWS = `SELECT pg_last_wal_replay_lsn() >= $1::pg_lsn
  AND EXISTS (SELECT FROM pg_stat_wal_receiver WHERE status = 'streaming') AS follows`;

/**
 * Settles when every replica follows its primary over its edge and shows what the primary has now: a service that
 * starts earlier would not find its database. Throws `not-ready` after 20 s.
 */
export async function untilReplicasFollow(stores: ProvisionedStores, clock: Clock): Promise<void> {
  for (const { replica, primary } of stores.replications()) {
    const [row] = await stores.postgres(primary).query("SELECT pg_current_wal_lsn() AS lsn");
    const follows = async (): Promise<boolean> => {
      const [answer] = await stores.postgres(replica).query(FOLLOWS, [row?.lsn]);
      return answer?.follows === true;
    };
    await waitUntil(follows, { clock, timeoutMs: FOLLOW_MS_MAX, what: `${replica} to follow ${primary}` });
  }
}
