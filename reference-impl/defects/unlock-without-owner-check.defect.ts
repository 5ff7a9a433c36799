import type { ReleaseLock } from "../patterns/distributed-lock.ts";
import type { ReportWriterMechanisms } from "../services/report-writer/report-writer-mechanisms.ts";
import type { Defect } from "./defect.ts";

/** DEL, whoever's the lock is by now. */
const deleteLock: ReleaseLock = async (redis, { lock }) => {
  const deleted = await redis.command("releasing a lock", (client) => client.del(lock));
  return deleted === 1;
};

/** A release deletes the lock, whoever has it by then. */
export const unlockWithoutOwnerCheck: Defect<ReportWriterMechanisms> = {
  name: "unlock-without-owner-check",
  missing: "a release deletes the lock without a look at whose it is",
  needs: "a holder that gives the lock back after it expired and the next one has it, and a third who asks",
  shows: [{ checker: "lock-safety", types: ["two-holders"] }],
  replacement: () => ({ releaseLock: deleteLock }),
};
