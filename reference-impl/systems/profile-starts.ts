import type { Kysely } from "kysely";
import type { ServiceContext } from "../../harness/run/system.ts";
import { databasePart } from "../patterns/database-part.ts";
import { hardenedEventMechanisms, startEventDriven } from "../patterns/event-driven.ts";
import type { OutgoingMessage } from "../patterns/event-message.ts";
import type { ProfileMechanisms } from "../services/recommendation/profile-mechanisms.ts";
import { followProfiles, recommendationApp } from "../services/recommendation/recommendation.service.ts";
import type { RecommendationTables } from "../services/recommendation/recommendation-tables.ts";
import type { AnnouncedUserTables } from "../services/user/announcing/announced-user-tables.ts";
import { type Profile, profileMessage } from "../services/user/announcing/profile-message.ts";
import type { ReplicaReading } from "../services/user/replicated/replica-reading.ts";
import { hardenedUserMechanisms, userService } from "../services/user/user.service.ts";
import type { UserTables } from "../services/user/user-tables.ts";
import { recordApplied, recordStored } from "./projection-records.ts";
import type { StartParts } from "./service-definitions.ts";

/** Starts a user service that tells others of profiles, and reads them at a replica where it has one. */
export function announcingUser(
  { announceThrough, relayWith }: Pick<ProfileMechanisms, "announceThrough" | "relayWith">,
  replicaOf?: (context: ServiceContext) => ReplicaReading,
): StartParts<AnnouncedUserTables> {
  return (needs, context) => {
    const relayBatch = relayWith(needs.clock);
    const mechanisms = { ...hardenedEventMechanisms(), announceThrough, relayBatch };
    const events = startEventDriven(needs, mechanisms);
    const stored = ({ message }: OutgoingMessage) => recordStored(context, message);
    const database: Kysely<UserTables> = databasePart<UserTables, AnnouncedUserTables>(needs.database);
    return userService({ ...needs, database }, hardenedUserMechanisms(), {
      announcing: { events, stored },
      ...(replicaOf === undefined ? {} : { replica: replicaOf(context) }),
    });
  };
}

/** Starts a recommendation service, which keeps a replica of profiles. */
export function followingRecommendation({
  storeProfile,
}: Pick<ProfileMechanisms, "storeProfile">): StartParts<RecommendationTables> {
  return (needs, context) => {
    const subscription = followProfiles({ ...needs, applied: appliedRecorder(context) }, storeProfile);
    return { app: recommendationApp(needs), stop: () => subscription.stop() };
  };
}

/** Records that a replica of profiles shows this one. */
export function appliedRecorder(context: ServiceContext): (profile: Profile) => void {
  return (profile) => recordApplied(context, profileMessage(profile).message);
}
