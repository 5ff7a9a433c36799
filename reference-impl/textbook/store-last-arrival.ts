import type { StoreProfile } from "../services/recommendation/store-profile.ts";

/** Stores the profile that came last: nothing is compared. */
export const storeLastArrival: StoreProfile = async (database, { userId, version, email, name }) => {
  await database
    .insertInto("profiles")
    .values({ user_id: userId, version, email, name })
    .onConflict((conflict) => conflict.column("user_id").doUpdateSet({ version, email, name }))
    .execute();
  return true;
};
