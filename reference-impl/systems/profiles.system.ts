import type { ServiceContext, SystemDefinition } from "../../harness/run/system.ts";
import { storeWhateverComes } from "../defects/last-arrival-wins.defect.ts";
import type { Defect } from "../defects/defect.ts";
import { hardenedEventMechanisms, startEventDriven } from "../patterns/event-driven.ts";
import {
  followProfiles,
  recommendationApp,
} from "../services/recommendation/recommendation.service.ts";
import { hardenedProfileMechanisms, type ProfileMechanisms } from "../services/recommendation/profile-mechanisms.ts";
import { createRecommendationTables, type RecommendationTables } from "../services/recommendation/recommendation-tables.ts";
import { announcedUserService } from "../services/user/announcing/announced-user.service.ts";
import { type AnnouncedUserTables, createAnnouncedUserTables } from "../services/user/announcing/announced-user-tables.ts";
import { type Profile, profileTopic } from "../services/user/announcing/profile-message.ts";
import { textbookPropagatedUserService } from "../textbook/propagated-user.textbook.ts";
