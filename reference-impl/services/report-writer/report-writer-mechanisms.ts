import { type ReleaseLock, releaseOwnLock } from "../../patterns/distributed-lock.ts";
import { type Fence, passFence } from "../../patterns/fenced-store.ts";

/** The safety mechanisms of a report writer. Built at every start; a defect replaces exactly one. */
export interface ReportWriterMechanisms {
  /** Asked in the transaction of each write. */
  readonly fence: Fence;
  readonly releaseLock: ReleaseLock;
  /** The expiry at the lock server of a lease that was promised for so long, in milliseconds. */
  readonly expiryMs: (promisedMs: number) => number;
}

/** The mechanisms of the hardened form. */
export function hardenedReportWriterMechanisms(): ReportWriterMechanisms {
  return { fence: passFence, releaseLock: releaseOwnLock, expiryMs: (promisedMs) => promisedMs };
}
