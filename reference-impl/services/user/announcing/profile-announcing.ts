import type { Kysely } from "kysely";
import type { Announcer } from "../../../patterns/announcer.ts";
import type { EventDriven } from "../../../patterns/event-driven.ts";
import type { OutgoingMessage } from "../../../patterns/event-message.ts";
import type { UserTables } from "../user-tables.ts";
import type { AnnouncedUserTables } from "./announced-user-tables.ts";
import { type Profile, profileMessage } from "./profile-message.ts";

/** The part of a user service that tells others of profiles, at work. */
export interface ProfileAnnouncing {
  readonly events: EventDriven;
  /** Told of each profile's message once it is stored. */
  readonly stored: (message: OutgoingMessage) => void;
}

/** Tells of what is stored before it sends it off. */
export function profileAnnouncer({ events, stored }: ProfileAnnouncing): Announcer {
  const { announcer } = events;
  return {
    store: announcer.store,
    send: async (messages) => {
      for (const message of messages) stored(message);
      await announcer.send(messages);
    },
  };
}

/** Keeps a profile that was stored for whoever audits, and makes its message. */
export async function storeChange(
  transaction: Kysely<UserTables>,
  profile: Profile,
): Promise<readonly OutgoingMessage[]> {
  const { userId: user_id, ...values } = profile;
  await announcedPart(transaction)
    .insertInto("profile_changes")
    .values({ user_id, ...values })
    .execute();
  return [profileMessage(profile)];
}

/** The database of a user service that announces, as what it is. */
export function announcedPart(database: Kysely<UserTables>): Kysely<AnnouncedUserTables> {
  return database as unknown as Kysely<AnnouncedUserTables>;
}
