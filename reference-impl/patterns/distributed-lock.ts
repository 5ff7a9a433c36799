import type { ServiceClock } from "../service-needs.ts";
import type { RedisConnection } from "./redis-connection.ts";

/** A lock that was taken. Whether it is still held nobody but the lock server knows. */
export interface HeldLock {
  /** The lock's key at the lock server. */
  readonly lock: string;
  /** A value that no other acquisition has: it tells one's own lock from the next holder's. */
  readonly owner: string;
  /** The fencing token: higher than that of every acquisition before. Null: the lock gives none. */
  readonly token: number | null;
}

/** Gives a lock back; false where it is not one's own any more. */
export type ReleaseLock = (redis: RedisConnection, held: HeldLock) => Promise<boolean>;

// Set where nobody has it, and count: one step, so that tokens rise in the order of the holders.
const acquireScript = `
if redis.call("set", KEYS[1], ARGV[1], "NX", "PX", ARGV[2]) then
  return redis.call("incr", KEYS[2])
else
  return 0
end`;

const renewScript = `
if redis.call("get", KEYS[1]) == ARGV[1] then
  return redis.call("pexpire", KEYS[1], ARGV[2])
else
  return 0
end`;

const releaseScript = `
if redis.call("get", KEYS[1]) == ARGV[1] then
  return redis.call("del", KEYS[1])
else
  return 0
end`;

/**
 * Takes a lock for `expiryMs` (SET NX PX) and draws its fencing token; null where somebody has it. The
 * counter of tokens has no expiry: a server that forgets it makes old tokens of new ones, which a fenced
 * store then refuses.
 *
 * Throws `RedisFailure` where there is no answer: then the lock may be taken, by nobody, until it expires.
 */
export async function acquireLock(
  redis: RedisConnection,
  lock: string,
  owner: string,
  expiryMs: number,
): Promise<HeldLock | null> {
  const keys = [lock, `${lock}/token`];
  const token = await redis.command("taking a lock", (client) =>
    client.eval(acquireScript, { keys, arguments: [owner, String(expiryMs)] }),
  );
  return Number(token) === 0 ? null : { lock, owner, token: Number(token) };
}

/** Holds a lock for another `expiryMs` from now; false where it is lost. Throws `RedisFailure`. */
export async function renewLock(
  redis: RedisConnection,
  { lock, owner }: HeldLock,
  expiryMs: number,
): Promise<boolean> {
  const renewed = await redis.command("renewing a lock", (client) =>
    client.eval(renewScript, { keys: [lock], arguments: [owner, String(expiryMs)] }),
  );
  return Number(renewed) === 1;
}

/** Compares, then deletes, in one step: a holder whose lock expired must not delete that of the next one. */
export const releaseOwnLock: ReleaseLock = async (redis, { lock, owner }) => {
  const released = await redis.command("releasing a lock", (client) =>
    client.eval(releaseScript, { keys: [lock], arguments: [owner] }),
  );
  return Number(released) === 1;
};

/** How a lock is held while its holder works. */
export interface Renewal {
  readonly redis: RedisConnection;
  readonly clock: ServiceClock;
  readonly held: HeldLock;
  readonly expiryMs: number;
  /** The pause between two renewals: well below the expiry. */
  readonly everyMs: number;
}

/**
 * Does work under a lock that is renewed before it begins and while it goes on; null, and nothing is done,
 * where the lock is lost already. That it was held when the work began does not mean that it still is when
 * the work ends: a process may stop at any point. So what the work stores must be fenced.
 */
export async function whileRenewed<Result>(
  renewal: Renewal,
  work: () => Promise<Result>,
): Promise<Result | null> {
  const { redis, clock, held, expiryMs, everyMs } = renewal;
  if (!(await renewLock(redis, held, expiryMs))) return null;
  let working = true;
  const renewNowAndThen = async () => {
    for (;;) {
      await clock.sleep(everyMs);
      if (!working) return;
      // A renewal that fails is made up for by the next one, or else the fence decides.
      await renewLock(redis, held, expiryMs).catch(() => false);
    }
  };
  void renewNowAndThen();
  try {
    return await work();
  } finally {
    working = false;
  }
}
