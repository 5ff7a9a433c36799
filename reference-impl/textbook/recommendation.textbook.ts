import type { Hono } from "hono";
import { commitBeforeAnswer } from "../patterns/transaction-per-request.ts";
import {
  type RecommendationNeeds,
  recommendationApp,
  recommendationGroup,
} from "../services/recommendation/recommendation.service.ts";
import { profileTopic, readProfile } from "../services/user/announcing/profile-message.ts";
import { BrokerEventBus } from "./broker-event-bus.ts";
import { storeLastArrival } from "./store-last-arrival.ts";

/** A receiver in the seed's manner: it stores what comes, and what fails is printed. It shows it as the hardened one does. */
export function textbookRecommendation(needs: RecommendationNeeds): Hono {
  new BrokerEventBus(needs.bus).subscribe(recommendationGroup, profileTopic, async (message) => {
    const profile = readProfile(message);
    await commitBeforeAnswer(needs.database, (transaction) => storeLastArrival(transaction, profile));
    needs.applied(profile);
  });
  return recommendationApp(needs);
}
