import type { Admin } from "kafkajs";
import type { EventAdmin } from "../../run/store-clients.ts";
import { checkCreateTopics } from "./check-supported.ts";
import { refuseRest } from "./refuse-rest.ts";
import { UnsupportedByKafkaModelError } from "./unsupported-by-kafka-model-error.ts";

/** A kafkajs admin client on the model: what is not modelled is refused before anything is sent. */
export function wrapAdmin(admin: Admin, refused: (error: Error) => void): EventAdmin {
  const checked = async <Value>(check: () => void, go: () => Promise<Value>): Promise<Value> => {
    try {
      check();
    } catch (error) {
      if (error instanceof Error) refused(error);
      throw error;
    }
    return await go();
  };
  const wrapped: EventAdmin = {
    connect: () => admin.connect(),
    disconnect: () => admin.disconnect(),
    listTopics: () => admin.listTopics(),
    createTopics: (request) =>
      checked(
        () => checkCreateTopics(request, request.topics),
        () => admin.createTopics(request),
      ),
    fetchTopicOffsets: (topic) => admin.fetchTopicOffsets(topic),
    fetchOffsets: (request) =>
      checked(
        () => {
          if (request.resolveOffsets !== true) return;
          throw new UnsupportedByKafkaModelError("fetchOffsets with resolveOffsets", "groupId, topics");
        },
        () => admin.fetchOffsets(request),
      ),
  };
  return refuseRest("admin", wrapped, admin, refused);
}
