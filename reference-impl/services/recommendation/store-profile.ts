import type { Kysely } from "kysely";
import type { Profile } from "../user/announcing/profile-message.ts";
import type { RecommendationTables } from "./recommendation-tables.ts";

/** Stores what came in of a profile; false where it changed nothing. */
export type StoreProfile = (database: Kysely<RecommendationTables>, profile: Profile) => Promise<boolean>;

/** One upsert that writes over an older version only: copies and late ones change nothing, in whatever order they come. */
export const keepNewer: StoreProfile = async (database, { userId, version, email, name }) => {
  const result = await database
    .insertInto("profiles")
    .values({ user_id: userId, version, email, name })
    .onConflict((conflict) =>
      conflict
        .column("user_id")
        .doUpdateSet({ version, email, name })
        .where("profiles.version", "<", version),
    )
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
};
