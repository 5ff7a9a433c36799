import type { ServiceContext, ServiceDefinition, SystemDefinition } from "../../harness/run/system.ts";
import type { Defect } from "../defects/defect.ts";
import { hardenedEventMechanisms, startEventDriven } from "../patterns/event-driven.ts";
import {
  hardenedProfileMechanisms,
  type ProfileMechanisms,
} from "../services/recommendation/profile-mechanisms.ts";
import { followProfiles, recommendationApp } from "../services/recommendation/recommendation.service.ts";
import {
  createRecommendationTables,
  type RecommendationTables,
} from "../services/recommendation/recommendation-tables.ts";
import { announcedUserService } from "../services/user/announcing/announced-user.service.ts";
import {
  type AnnouncedUserTables,
  createAnnouncedUserTables,
} from "../services/user/announcing/announced-user-tables.ts";
import { type Profile, profileTopic } from "../services/user/announcing/profile-message.ts";
import { textbookPropagatedUserService } from "../textbook/propagated-user.textbook.ts";
import { textbookRecommendation } from "../textbook/recommendation.textbook.ts";
import { type EventDrivenService, eventDrivenService } from "./event-driven-service.ts";

/** The nodes of the system of profiles, and what is stored where. */
export const profileNodes = {
  user: "user",
  userStore: "user-db",
  recommendation: "recommendation",
  recommendationStore: "recommendation-db",
  bus: "kafka",
  topic: profileTopic as string,
} as const;

const nodes = profileNodes;
const stores: SystemDefinition["stores"] = [
  { name: nodes.userStore, kind: "postgres", migrate: createAnnouncedUserTables },
  { name: nodes.recommendationStore, kind: "postgres", migrate: createRecommendationTables },
  { name: nodes.bus, kind: "kafka", topics: [{ name: nodes.topic, partitions: 3 }] },
];

/** Users change their profiles at one service, another one keeps a replica of them. */
export function profileSystem(defect?: Defect<ProfileMechanisms>): SystemDefinition {
  const { storeProfile, announceThrough, relayWith } = {
    ...hardenedProfileMechanisms(),
    ...defect?.replacement(),
  };
  return {
    stores,
    services: [
      recordingService<AnnouncedUserTables>(nodes.user, nodes.userStore, (needs, context) => {
        const relayBatch = relayWith(needs.clock);
        const mechanisms = { ...hardenedEventMechanisms(), announceThrough, relayBatch };
        const { announcer, stop } = startEventDriven(needs, mechanisms);
        const stored = (profile: Profile) => recordStored(context, profile);
        return { app: announcedUserService({ ...needs, stored }, announcer), stop };
      }),
      recordingService<RecommendationTables>(
        nodes.recommendation,
        nodes.recommendationStore,
        (needs, context) => {
          const applied = (profile: Profile) => recordApplied(context, profile);
          const subscription = followProfiles({ ...needs, applied }, storeProfile);
          return { app: recommendationApp(needs), stop: () => subscription.stop() };
        },
      ),
    ],
  };
}

/** The seed's example of BASE: a queue in memory, and a receiver that stores what comes. */
export function textbookProfileSystem(): SystemDefinition {
  return {
    stores,
    services: [
      recordingService<AnnouncedUserTables>(nodes.user, nodes.userStore, (needs, context) => {
        const stored = (profile: Profile) => recordStored(context, profile);
        return { app: textbookPropagatedUserService({ ...needs, stored }), stop: () => needs.bus.close() };
      }),
      recordingService<RecommendationTables>(
        nodes.recommendation,
        nodes.recommendationStore,
        (needs, context) => {
          const applied = (profile: Profile) => recordApplied(context, profile);
          return { app: textbookRecommendation({ ...needs, applied }), stop: () => needs.bus.close() };
        },
      ),
    ],
  };
}

/** A service that announces or consumes, and writes down what it does. */
function recordingService<Tables>(
  name: string,
  store: string,
  start: (
    needs: Parameters<EventDrivenService<Tables>["start"]>[0],
    context: ServiceContext,
  ) => ReturnType<EventDrivenService<Tables>["start"]>,
): ServiceDefinition {
  const bus = { kind: "kafka", name: nodes.bus } as const;
  return {
    name,
    stores: [store, nodes.bus],
    start: (context) =>
      eventDrivenService<Tables>({ name, store, bus, start: (needs) => start(needs, context) }).start(
        context,
      ),
  };
}

function recordStored(context: ServiceContext, { userId, version }: Profile): void {
  const key = `user/${userId}`;
  context.record("event", key, { position: version, partition: key, event: `${key}#${version}` });
}

function recordApplied(context: ServiceContext, { userId, version }: Profile): void {
  const key = `user/${userId}`;
  context.record("applied", key, { position: version, partition: key, event: `${key}#${version}` });
  context.record("checkpoint", context.name, { position: version, partition: key });
}
