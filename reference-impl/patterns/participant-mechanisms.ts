import { hardenedOnce } from "./hardened-once.ts";
import type { OncePerRequestKeyParts } from "./once-per-request-key.ts";
import { fileWithdrawal, type WithdrawRequest } from "./withdraw-request.ts";

/** The safety mechanisms of a service that takes part in sagas: its effects happen once and can be taken back. */
export interface ParticipantMechanisms extends OncePerRequestKeyParts {
  readonly withdraw: WithdrawRequest;
}

/** The mechanisms of the hardened form. Built at every start; a defect replaces exactly one. */
export function hardenedParticipantMechanisms(): ParticipantMechanisms {
  return { ...hardenedOnce(), withdraw: fileWithdrawal };
}
