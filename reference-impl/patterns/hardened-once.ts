import type { OncePerRequestKeyParts } from "./once-per-request-key.ts";
import { storedRequestKeys } from "./request-key.ts";
import { commitBeforeAnswer } from "./transaction-per-request.ts";

/** The parts of an effect-once request in the hardened form. Built at every start; a defect replaces exactly one. */
export function hardenedOnce(): OncePerRequestKeyParts {
  return { transact: commitBeforeAnswer, requestKeys: storedRequestKeys, keyOfAttempt: (key) => key };
}
