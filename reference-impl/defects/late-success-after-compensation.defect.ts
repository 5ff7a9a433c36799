import type { ParticipantMechanisms } from "../patterns/participant-mechanisms.ts";
import { findEffect } from "../patterns/withdraw-request.ts";
import type { Defect } from "./defect.ts";

/** A compensation does not withdraw the request that it takes back: one that comes late is still carried out. */
export const lateSuccessAfterCompensation: Defect<ParticipantMechanisms> = {
  name: "late-success-after-compensation",
  missing:
    "a compensation does not withdraw the request that it takes back: one that comes late is still carried out",
  needs: "a command that is held up until its compensation has overtaken it",
  shows: [{ checker: "saga-atomicity", types: ["lost-compensation", "late-effect"] }],
  replacement: () => ({ withdraw: findEffect }),
};
