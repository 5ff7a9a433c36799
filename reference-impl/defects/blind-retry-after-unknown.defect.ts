import type { OncePerRequestKeyParts } from "../patterns/once-per-request-key.ts";
import type { Defect } from "./defect.ts";

/** Every attempt runs under a key of its own: after an unknown COMMIT the work is simply done again. */
export const blindRetryAfterUnknown: Defect<OncePerRequestKeyParts> = {
  name: "blind-retry-after-unknown",
  missing: "a retry does not look whether the COMMIT of unknown outcome before it took effect",
  needs: "the answer to a COMMIT is lost: the retry conflicts with the attempt that it repeats",
  shows: [
    { checker: "optimistic-lock", types: ["false-conflict", "read-off-chain", "version-gap", "lost-update"] },
    { checker: "conservation", types: ["effect-repeated", "sum-changed", "refused-effect"] },
  ],
  replacement: () => ({
    keyOfAttempt: (key, attempt) => (attempt === 1 ? key : `${key}/attempt-${attempt}`),
  }),
};
