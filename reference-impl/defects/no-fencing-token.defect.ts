import type { ReportWriterMechanisms } from "../services/report-writer/report-writer-mechanisms.ts";
import type { Defect } from "./defect.ts";

/** The store takes writes without asking for the token. */
export const noFencingToken: Defect<ReportWriterMechanisms> = {
  name: "no-fencing-token",
  missing: "the store does not look at the fencing token: whoever believes to hold the lock may write",
  needs: "a holder that is stopped past the expiry of its lock, between its last renewal and its write",
  shows: [{ checker: "lock-safety", types: ["stale-holder-accepted"] }],
  replacement: () => ({ fence: async () => true }),
};
