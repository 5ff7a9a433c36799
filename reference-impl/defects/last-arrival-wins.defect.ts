import type { StoreProfile } from "../services/recommendation/store-profile.ts";
import type { ProfileMechanisms } from "../services/recommendation/profile-mechanisms.ts";
import type { Defect } from "./defect.ts";

/** Stores whatever came last. Also what the seed's receiver does. */
export const storeWhateverComes: StoreProfile = async (database, { userId, version, email, name }) => {
  await database
    .insertInto("profiles")
    .values({ user_id: userId, version, email, name })
    .onConflict((conflict) => conflict.column("user_id").doUpdateSet({ version, email, name }))
    .execute();
  return true;
};

/** A replica stores the profile that came last, whatever its version is. */
export const lastArrivalWins: Defect<ProfileMechanisms> = {
  name: "last-arrival-wins",
  missing: "the version is not compared: the profile that came last is stored, be it older than what is there",
  needs: "a message that is delivered again after a later one",
  shows: [{ checker: "projection", types: ["position-went-back", "state-went-back", "not-converged"] }],
  replacement: () => ({ storeProfile: storeWhateverComes }),
};
