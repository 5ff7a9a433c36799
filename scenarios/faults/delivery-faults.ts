import * as fc from "fast-check";
import { delayedDelivery } from "../../harness/faults/delayed-delivery.fault.ts";
import { duplicateDelivery } from "../../harness/faults/duplicate-delivery.fault.ts";
import { type FaultChoice, faultChoice } from "../../harness/faults/fault.ts";
import type { TopicDelivery } from "../../reference-impl/systems/topic-delivery.ts";

const messagesMax = 5;
const delayMsMax = 600;

/** What befalls messages between a broker and its consumers: they come again, or late. */
export function deliveryFaults(deliveries: readonly TopicDelivery[]): readonly FaultChoice[] {
  if (deliveries.length === 0) return [];
  const again = fc
    .tuple(fc.constantFrom(...deliveries), fc.integer({ min: 1, max: messagesMax }))
    .map(([{ broker, topic, group, consumer }, count]) => ({ broker, topic, group, consumer, count }));
  const late = fc
    .tuple(fc.constantFrom(...deliveries), fc.integer({ min: 20, max: delayMsMax }))
    .map(([{ broker, topic }, delayMs]) => ({ broker, topic, delayMs }));
  return [faultChoice(duplicateDelivery, again), faultChoice(delayedDelivery, late, "rare")];
}
