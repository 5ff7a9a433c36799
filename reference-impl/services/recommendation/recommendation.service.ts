import type { Hono } from "hono";
import { errorAnswer, jsonAnswer, toResponse } from "../../patterns/answer.ts";
import { readId } from "../../patterns/bad-input.ts";
import type { EventBus, Subscription } from "../../patterns/event-bus.ts";
import { storeAnswers } from "../../patterns/health-routes.ts";
import {
  type HandleOnce,
  hardenedConsumerMechanisms,
  idempotentConsumer,
} from "../../patterns/idempotent-consumer.ts";
import { readStore } from "../../patterns/read-store.ts";
import { serviceApp } from "../../patterns/service-app.ts";
import { commitBeforeAnswer } from "../../patterns/transaction-per-request.ts";
import type { ServiceNeeds } from "../../service-needs.ts";
import { type Profile, profileTopic, readProfile } from "../user/announcing/profile-message.ts";
import type { RecommendationTables } from "./recommendation-tables.ts";
import type { StoreProfile } from "./store-profile.ts";

/** The group of the recommendation service. */
export const recommendationGroup = "recommendation";

/** What the recommendation service is given. */
export interface RecommendationNeeds extends ServiceNeeds<RecommendationTables> {
  readonly bus: EventBus;
  /** Told of each profile that is stored from now on. */
  readonly applied: (profile: Profile) => void;
}

/** Nothing is noted: what is not newer has no effect anyway. */
const handleByVersion: HandleOnce = ({ database, effect }) => commitBeforeAnswer(database, effect);

/** Starts the consumer of profiles. */
export function followProfiles(needs: RecommendationNeeds, storeProfile: StoreProfile): Subscription {
  const { bus, database, clock } = needs;
  const handle = idempotentConsumer<RecommendationTables>({
    name: recommendationGroup,
    database,
    clock,
    mechanisms: { ...hardenedConsumerMechanisms(), handleOnce: handleByVersion },
    effect: async (transaction, message) => {
      const profile = readProfile(message);
      const isNewer = await storeProfile(transaction, profile);
      return async () => {
        if (isNewer) needs.applied(profile);
      };
    },
  });
  return bus.subscribe(recommendationGroup, [profileTopic], handle);
}

/**
 * What is recommended to users; so far a replica of their profiles. `GET /profiles/:userId` reads, `GET /messages`
 * tells the sum of the versions that it knows.
 *
 * Errors: 400 bad input · 404 `not-found` · 503 `unavailable` or `no-free-connection`.
 */
export function recommendationApp(needs: Pick<RecommendationNeeds, "clock" | "random" | "database">): Hono {
  const { database } = needs;
  const app = serviceApp(storeAnswers(database));

  app.get("/profiles/:userId", async (context) => {
    const id = readId(context.req.param("userId"));
    if (!id.good) return toResponse(id.answer);
    return toResponse(
      await readStore(needs, async () => {
        const row = await database
          .selectFrom("profiles")
          .select(["user_id", "version", "email", "name"])
          .where("user_id", "=", id.value)
          .executeTakeFirst();
        if (row === undefined) return errorAnswer(404, "not-found", `No profile of ${id.value} is known.`);
        const { user_id: userId, ...profile } = row;
        return jsonAnswer(200, { userId, ...profile });
      }),
    );
  });

  app.get("/messages", async () =>
    toResponse(
      await readStore(needs, async () => {
        const row = await database
          .selectFrom("profiles")
          .select((eb) => eb.fn.sum("version").as("versions"))
          .executeTakeFirst();
        return jsonAnswer(200, { handled: Number(row?.versions ?? 0) });
      }),
    ),
  );

  return app;
}
