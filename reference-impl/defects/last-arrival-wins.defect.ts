import type { ProfileMechanisms } from "../services/recommendation/profile-mechanisms.ts";
import { storeLastArrival } from "../textbook/store-last-arrival.ts";
import type { Defect } from "./defect.ts";

/** A replica stores the profile that came last, whatever its version is. */
export const lastArrivalWins: Defect<ProfileMechanisms> = {
  name: "last-arrival-wins",
  missing:
    "the version is not compared: the profile that came last is stored, be it older than what is there",
  needs: "a message that is delivered again after a later one",
  shows: [{ checker: "projection", types: ["position-went-back", "state-went-back", "not-converged"] }],
  replacement: () => ({ storeProfile: storeLastArrival }),
};
