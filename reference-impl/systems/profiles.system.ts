import type { SystemDefinition } from "../../harness/run/system.ts";
import type { Defect } from "../defects/defect.ts";
import {
  hardenedProfileMechanisms,
  type ProfileMechanisms,
} from "../services/recommendation/profile-mechanisms.ts";
import { recommendationGroup } from "../services/recommendation/recommendation.service.ts";
import {
  createRecommendationTables,
  type RecommendationTables,
} from "../services/recommendation/recommendation-tables.ts";
import {
  type AnnouncedUserTables,
  createAnnouncedUserTables,
} from "../services/user/announcing/announced-user-tables.ts";
import { profileMessage, profileTopic } from "../services/user/announcing/profile-message.ts";
import { textbookPropagatedUserService } from "../textbook/propagated-user.textbook.ts";
import { textbookRecommendation } from "../textbook/recommendation.textbook.ts";
import { announcingUser, appliedRecorder, followingRecommendation } from "./profile-starts.ts";
import { recordStored } from "./projection-records.ts";
import { eventDrivenService, type StartParts } from "./service-definitions.ts";
import { kafkaStore, postgresStore } from "./store-definitions.ts";
import type { TopicDelivery } from "./topic-delivery.ts";

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

/** Who is told what by Kafka. */
export const profileDeliveries: readonly TopicDelivery[] = [
  { broker: nodes.bus, topic: nodes.topic, group: recommendationGroup, consumer: nodes.recommendation },
];
const bus = { kind: "kafka", name: nodes.bus } as const;

/** Users change their profiles at one service, another one keeps a replica of them. */
export function profileSystem(defect?: Defect<ProfileMechanisms>): SystemDefinition {
  const mechanisms = { ...hardenedProfileMechanisms(), ...defect?.replacement() };
  return profiles({
    user: announcingUser(mechanisms),
    recommendation: followingRecommendation(mechanisms),
  });
}

/** The seed's example of BASE: a queue in memory, and a receiver that stores what comes. */
export function textbookProfileSystem(): SystemDefinition {
  return profiles({
    user: (needs, context) => ({
      app: textbookPropagatedUserService({
        ...needs,
        stored: (profile) => recordStored(context, profileMessage(profile).message),
      }),
      stop: () => needs.bus.close(),
    }),
    recommendation: (needs, context) => ({
      app: textbookRecommendation({ ...needs, applied: appliedRecorder(context) }),
      stop: () => needs.bus.close(),
    }),
  });
}

/** How each service starts. */
interface ProfileStarts {
  readonly user: StartParts<AnnouncedUserTables>;
  readonly recommendation: StartParts<RecommendationTables>;
}

function profiles({ user, recommendation }: ProfileStarts): SystemDefinition {
  return {
    stores: [
      postgresStore(nodes.userStore, createAnnouncedUserTables),
      postgresStore(nodes.recommendationStore, createRecommendationTables),
      kafkaStore(nodes.bus, [nodes.topic]),
    ],
    services: [
      eventDrivenService(nodes.user, nodes.userStore, bus, user),
      eventDrivenService(nodes.recommendation, nodes.recommendationStore, bus, recommendation),
    ],
  };
}
