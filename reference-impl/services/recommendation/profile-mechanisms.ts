import { type EventMechanisms, hardenedEventMechanisms } from "../../patterns/event-driven.ts";
import type { RelayBatch } from "../../patterns/outbox-relay.ts";
import type { ServiceClock } from "../../service-needs.ts";
import { keepNewer, type StoreProfile } from "./store-profile.ts";

/** The safety mechanisms by which profiles get from one service to another. A defect replaces exactly one. */
export interface ProfileMechanisms extends Pick<EventMechanisms, "announceThrough"> {
  readonly relayWith: (clock: ServiceClock) => RelayBatch;
  readonly storeProfile: StoreProfile;
}

/** The mechanisms of the hardened form. */
export function hardenedProfileMechanisms(): ProfileMechanisms {
  const { announceThrough, relayBatch } = hardenedEventMechanisms();
  return { announceThrough, relayWith: () => relayBatch, storeProfile: keepNewer };
}
