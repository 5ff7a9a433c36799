import type { ReportWriterMechanisms } from "../services/report-writer/report-writer-mechanisms.ts";
import type { Defect } from "./defect.ts";

/** So that a lock is soon free when its holder dies. */
const alwaysMs = 30;

/** The lock expires long before the work under it can be done. */
export const expiryShorterThanWork: Defect<ReportWriterMechanisms> = {
  name: "expiry-shorter-than-work",
  missing: "the lock expires after a fixed time that is shorter than the work that it was taken for",
  needs: "a second client that asks for the lock while the first one is working; no fault",
  shows: [{ checker: "lock-safety", types: ["two-holders"] }],
  replacement: () => ({ expiryMs: () => alwaysMs }),
};
