import type { InspectedRecord } from "../harness/run/scenario.ts";
import type { StoreClients } from "../harness/run/system.ts";
import { decodeMessage } from "../reference-impl/patterns/event-message.ts";
import type { RecommendationTables } from "../reference-impl/services/recommendation/recommendation-tables.ts";
import type { AnnouncedUserTables } from "../reference-impl/services/user/announcing/announced-user-tables.ts";
import { profileNodes } from "../reference-impl/systems/profiles.system.ts";
import { readTopic } from "./read-topic.ts";

const nodes = profileNodes;

/**
 * Every profile that there ever was, as a state of its user (`event`) and as a message that had to go out
 * (`committed`), whether or not there is an outbox; what the topic holds (`published`); and the replica (`projected`).
 */
export async function inspectProfiles(stores: StoreClients): Promise<readonly InspectedRecord[]> {
  const users = stores.postgres<AnnouncedUserTables>(nodes.userStore);
  const changes = await users
    .selectFrom("profile_changes")
    .select(["user_id", "version", "name"])
    .orderBy("user_id")
    .orderBy("version")
    .execute();
  await users.destroy();
  const replica = stores.postgres<RecommendationTables>(nodes.recommendationStore);
  const profiles = await replica
    .selectFrom("profiles")
    .select(["user_id", "name"])
    .orderBy("user_id")
    .execute();
  await replica.destroy();
  const published = await readTopic(stores, nodes.bus, nodes.topic);
  return [
    ...changes.flatMap(({ user_id, version, name }): InspectedRecord[] => {
      const key = `user/${user_id}`;
      const message = `${key}#${version}`;
      const event = { position: version, partition: key, event: message, put: { name } };
      return [
        { f: "event", key, node: nodes.user, value: event },
        { f: "committed", key, node: nodes.user, value: { message, sequence: version } },
      ];
    }),
    ...published.map(({ key, value }) => {
      const message = decodeMessage(value).id;
      return { f: "published", key, node: nodes.bus, value: { message } };
    }),
    ...profiles.map(({ user_id, name }) => {
      const value = { state: { name } };
      return { f: "projected", key: `user/${user_id}`, node: nodes.recommendation, value };
    }),
  ];
}
