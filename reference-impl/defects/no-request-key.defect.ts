import type { OncePerRequestKeyParts } from "../patterns/once-per-request-key.ts";
import type { RequestKeys } from "../patterns/request-key.ts";
import type { Defect } from "./defect.ts";

const forgetfulRequestKeys: RequestKeys = {
  file: () => Promise.resolve(),
  find: () => Promise.resolve(null),
};

/** Nothing is stored under a request key: every copy of a request has its effect. */
export const noRequestKey: Defect<OncePerRequestKeyParts> = {
  name: "no-request-key",
  missing: "nothing is stored under a request key: every copy of a request has its effect",
  needs: "a request that arrives twice, or an answer that is lost and a caller who asks again",
  shows: [{ checker: "conservation", types: ["effect-repeated", "sum-changed", "refused-effect"] }],
  replacement: () => ({ requestKeys: forgetfulRequestKeys }),
};
