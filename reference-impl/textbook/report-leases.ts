import { type Answer, errorAnswer, jsonAnswer } from "../patterns/answer.ts";
import { type HeldLock, releaseOwnLock } from "../patterns/distributed-lock.ts";
import {
  leaseTimes,
  type ReportLeases,
  type ReportWriterNeeds,
} from "../services/report-writer/report-leases.ts";
import { storeReport } from "../services/report-writer/report-store.ts";

/**
 * "Strong Consistency with Distributed Locks", of which the seed gives the name only, as it is commonly
 * written: SET NX PX with a random value, the work, the write, and a delete if the value is still one's own.
 * There is no fencing token, the lock is not renewed, and whoever took it believes that it is held.
 */
export function textbookReportLeases(needs: ReportWriterNeeds): ReportLeases {
  const { redis, clock, newId, database } = needs;
  const leases = new Map<string, { readonly report: string; readonly held: HeldLock }>();
  const unknown = (id: string): Answer => errorAnswer(404, "no-such-lease", `There is no lease ${id}.`);
  return {
    take: async ({ id, report }) => {
      const { promisedMs: ttlMs } = leaseTimes;
      const held = { lock: `lock/${report}`, owner: newId(), token: null };
      const expiration = { type: "PX", value: ttlMs } as const;
      const taken = await redis.command("taking a lock", (client) =>
        client.set(held.lock, held.owner, { condition: "NX", expiration }),
      );
      if (taken === null) return errorAnswer(409, "locked", `Report ${report} is locked.`);
      leases.set(id, { report, held });
      return jsonAnswer(201, { id, report, token: null, ttlMs });
    },
    write: async (id, _requestKey, value) => {
      const lease = leases.get(id);
      if (lease === undefined) return unknown(id);
      await clock.sleep(leaseTimes.workMs);
      const { report } = lease;
      await database
        .transaction()
        .execute((transaction) => storeReport(transaction, { report, lease: id, token: null, value }));
      return jsonAnswer(200, { report, token: null, value });
    },
    release: async (id) => {
      const lease = leases.get(id);
      if (lease === undefined) return unknown(id);
      await releaseOwnLock(redis, lease.held);
      return jsonAnswer(200, { id });
    },
  };
}
