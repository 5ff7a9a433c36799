import type { Scenario } from "../harness/run/scenario.ts";
import { acknowledgedUpdatesAreKept } from "./acknowledged-updates-are-kept.scenario.ts";
import { acknowledgedUsersSurvive } from "./acknowledged-users-survive.scenario.ts";
import { cachedProductsAreCurrent } from "./cached-products-are-current.scenario.ts";
import { catalogueConverges } from "./catalogue-converges.scenario.ts";
import { committedEventsAreDelivered } from "./committed-events-are-delivered.scenario.ts";
import { ordersEndInAgreement } from "./orders-end-in-agreement.scenario.ts";
import { ordersEndInAgreementOnRedisStreams } from "./orders-end-in-agreement-on-redis-streams.scenario.ts";
import { ownWritesAreRead } from "./own-writes-are-read.scenario.ts";
import { productStockIsConserved } from "./product-stock-is-conserved.scenario.ts";
import { profilesPropagate } from "./profiles-propagate.scenario.ts";
import { replicasKeepSessionOrder } from "./replicas-keep-session-order.scenario.ts";
import { replicasShowCauses } from "./replicas-show-causes.scenario.ts";
import { repliesFollowComments } from "./replies-follow-comments.scenario.ts";
import { retriedCallsHaveOneEffect } from "./retried-calls-have-one-effect.scenario.ts";
import { sagasEndAtomically } from "./sagas-end-atomically.scenario.ts";
import { staleLockHoldersAreRefused } from "./stale-lock-holders-are-refused.scenario.ts";
import { stockIsConserved } from "./stock-is-conserved.scenario.ts";
import { theWholeShopAgrees } from "./the-whole-shop-agrees.scenario.ts";
import { unseenChangesAreKept } from "./unseen-changes-are-kept.scenario.ts";

/** Every scenario, in the order in which `faultline list` shows them. */
export const scenarios: readonly Scenario[] = [
  acknowledgedUpdatesAreKept,
  ownWritesAreRead,
  acknowledgedUsersSurvive,
  unseenChangesAreKept,
  stockIsConserved,
  productStockIsConserved,
  committedEventsAreDelivered,
  ordersEndInAgreement,
  ordersEndInAgreementOnRedisStreams,
  profilesPropagate,
  catalogueConverges,
  cachedProductsAreCurrent,
  sagasEndAtomically,
  retriedCallsHaveOneEffect,
  staleLockHoldersAreRefused,
  replicasKeepSessionOrder,
  replicasShowCauses,
  repliesFollowComments,
  theWholeShopAgrees,
];
