import { type Answer, errorAnswer, jsonAnswer } from "../../patterns/answer.ts";
import { answeredOnce } from "../../patterns/answered-once.ts";
import { databasePart } from "../../patterns/database-part.ts";
import { acquireLock, type HeldLock, whileRenewed } from "../../patterns/distributed-lock.ts";
import type { FenceTables } from "../../patterns/fenced-store.ts";
import { oncePerRequestKey } from "../../patterns/once-per-request-key.ts";
import { type RedisConnection, RedisFailure } from "../../patterns/redis-connection.ts";
import { storedRequestKeys } from "../../patterns/request-key.ts";
import { unknownOutcome } from "../../patterns/store-trouble.ts";
import { commitBeforeAnswer } from "../../patterns/transaction-per-request.ts";
import type { ServiceNeeds } from "../../service-needs.ts";
import type { LeaseRequest } from "./report-input.ts";
import { storeReport } from "./report-store.ts";
import type { ReportTables } from "./report-tables.ts";
import type { ReportWriterMechanisms } from "./report-writer-mechanisms.ts";

/** What a report writer is given when it starts. */
export interface ReportWriterNeeds extends ServiceNeeds<ReportTables> {
  readonly redis: RedisConnection;
}

/** For how long a lease is promised, and how long the work on a report takes, in milliseconds. */
export const leaseTimes: { readonly promisedMs: number; readonly workMs: number; readonly renewMs: number } =
  { promisedMs: 150, workMs: 70, renewMs: 50 };

/** The leases of one process. What it answers is safe to be asked again: copies get the first one's answer. */
export interface ReportLeases {
  take(request: LeaseRequest): Promise<Answer>;
  write(lease: string, requestKey: string, value: string): Promise<Answer>;
  release(lease: string): Promise<Answer>;
}

interface Lease {
  readonly report: string;
  readonly held: HeldLock;
}

/** Leases kept, the newest: one that is not released expires by itself. */
const leasesMax = 10_000;

/** Takes and gives back the locks of reports, and writes reports under them. */
export function reportLeases(needs: ReportWriterNeeds, mechanisms: ReportWriterMechanisms): ReportLeases {
  const { redis, clock, newId } = needs;
  const leases = new Map<string, Lease>();
  const once = answeredOnce();
  const oncePerKey = oncePerRequestKey<ReportTables>(needs, {
    transact: commitBeforeAnswer,
    requestKeys: storedRequestKeys,
    keyOfAttempt: (key) => key,
  });
  const expiryMs = mechanisms.expiryMs(leaseTimes.promisedMs);

  const take = async ({ id, report }: LeaseRequest): Promise<Answer> => {
    const held = await acquireLock(redis, `lock/${report}`, newId(), expiryMs);
    if (held === null) return errorAnswer(409, "locked", `Somebody is working on report ${report}.`);
    remember(leases, id, { report, held });
    return jsonAnswer(201, { id, report, token: held.token, ttlMs: leaseTimes.promisedMs });
  };

  const store = (id: string, { report, held }: Lease, requestKey: string, value: string): Promise<Answer> => {
    const request = { key: requestKey, fingerprint: `PUT /leases/${id}/report ${value}` };
    return oncePerKey(request, async (transaction) => {
      const fences = databasePart<FenceTables, ReportTables>(transaction);
      if (!(await mechanisms.fence(fences, report, held.token))) return staleToken(report);
      await storeReport(transaction, { report, lease: id, token: held.token, value });
      return jsonAnswer(200, { report, token: held.token, value });
    });
  };

  const write = async (id: string, requestKey: string, value: string): Promise<Answer> => {
    const lease = leases.get(id);
    if (lease === undefined) return noSuchLease(id);
    const renewal = { redis, clock, held: lease.held, expiryMs, everyMs: leaseTimes.renewMs };
    const answer = await whileRenewed(renewal, async () => {
      // What a report takes besides: reading, adding up, drawing.
      await clock.sleep(leaseTimes.workMs);
      return await store(id, lease, requestKey, value);
    });
    return answer ?? leaseLost(id);
  };

  const release = async (id: string): Promise<Answer> => {
    const lease = leases.get(id);
    if (lease === undefined) return noSuchLease(id);
    return (await mechanisms.releaseLock(redis, lease.held)) ? jsonAnswer(200, { id }) : leaseLost(id);
  };

  return {
    take: (request) => once(`take ${request.id}`, () => answerRedisTrouble(() => take(request))),
    write: (id, requestKey, value) =>
      once(`write ${requestKey}`, () => answerRedisTrouble(() => write(id, requestKey, value))),
    release: (id) => once(`release ${id}`, () => answerRedisTrouble(() => release(id))),
  };
}

function remember(leases: Map<string, Lease>, id: string, lease: Lease): void {
  leases.set(id, lease);
  if (leases.size <= leasesMax) return;
  const [oldest] = leases.keys();
  if (oldest !== undefined) leases.delete(oldest);
}

async function answerRedisTrouble(work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RedisFailure)) throw error;
    return unknownOutcome();
  }
}

function staleToken(report: string): Answer {
  return errorAnswer(409, "stale-token", `Report ${report} was written by a newer holder of its lock.`);
}

function leaseLost(id: string): Answer {
  return errorAnswer(409, "lease-lost", `Lease ${id} has expired.`);
}

function noSuchLease(id: string): Answer {
  return errorAnswer(404, "no-such-lease", `This process holds no lease ${id}.`);
}
