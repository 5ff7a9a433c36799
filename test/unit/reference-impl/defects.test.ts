import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { ExpectedAnomaly } from "../../../harness/run/scenario.ts";
import { acknowledgeBeforeApply } from "../../../reference-impl/defects/acknowledge-before-apply.defect.ts";
import { acknowledgeBeforeCommit } from "../../../reference-impl/defects/acknowledge-before-commit.defect.ts";
import { affectedRowsIgnored } from "../../../reference-impl/defects/affected-rows-ignored.defect.ts";
import { blindRetryAfterUnknown } from "../../../reference-impl/defects/blind-retry-after-unknown.defect.ts";
import { blindUpdate } from "../../../reference-impl/defects/blind-update.defect.ts";
import { breakerNeverHalfOpens } from "../../../reference-impl/defects/breaker-never-half-opens.defect.ts";
import { checkInApplication } from "../../../reference-impl/defects/check-in-application.defect.ts";
import { checkThenReserve } from "../../../reference-impl/defects/check-then-reserve.defect.ts";
import { checkpointBeforeApply } from "../../../reference-impl/defects/checkpoint-before-apply.defect.ts";
import { checkpointOutsideTransaction } from "../../../reference-impl/defects/checkpoint-outside-transaction.defect.ts";
import { compensateInForwardOrder } from "../../../reference-impl/defects/compensate-in-forward-order.defect.ts";
import { dedupeOutsideTransaction } from "../../../reference-impl/defects/dedupe-outside-transaction.defect.ts";
import { dedupeWindowTooShort } from "../../../reference-impl/defects/dedupe-window-too-short.defect.ts";
import type { Defect } from "../../../reference-impl/defects/defect.ts";
import { dropOutOfOrder } from "../../../reference-impl/defects/drop-out-of-order.defect.ts";
import { dualWrite } from "../../../reference-impl/defects/dual-write.defect.ts";
import { expiryShorterThanWork } from "../../../reference-impl/defects/expiry-shorter-than-work.defect.ts";
import { forgetfulDocument } from "../../../reference-impl/defects/forgetful-document.defect.ts";
import { incrementTwice } from "../../../reference-impl/defects/increment-twice.defect.ts";
import { lastArrivalWins } from "../../../reference-impl/defects/last-arrival-wins.defect.ts";
import { lateSuccessAfterCompensation } from "../../../reference-impl/defects/late-success-after-compensation.defect.ts";
import { markBeforePublish } from "../../../reference-impl/defects/mark-before-publish.defect.ts";
import { memoryOnlyProgress } from "../../../reference-impl/defects/memory-only-progress.defect.ts";
import { memoryQueue } from "../../../reference-impl/defects/memory-queue.defect.ts";
import { noDedupe } from "../../../reference-impl/defects/no-dedupe.defect.ts";
import { noFencingToken } from "../../../reference-impl/defects/no-fencing-token.defect.ts";
import { noInsufficientHandler } from "../../../reference-impl/defects/no-insufficient-handler.defect.ts";
import { noInvalidation } from "../../../reference-impl/defects/no-invalidation.defect.ts";
import { noRecovery } from "../../../reference-impl/defects/no-recovery.defect.ts";
import { noRequestKey } from "../../../reference-impl/defects/no-request-key.defect.ts";
import { noStepKey } from "../../../reference-impl/defects/no-step-key.defect.ts";
import { noTimeout } from "../../../reference-impl/defects/no-timeout.defect.ts";
import { nonIdempotentHandler } from "../../../reference-impl/defects/non-idempotent-handler.defect.ts";
import { payOnRedelivery } from "../../../reference-impl/defects/pay-on-redelivery.defect.ts";
import { poisonMessageBlocks } from "../../../reference-impl/defects/poison-message-blocks.defect.ts";
import { pollByLastId } from "../../../reference-impl/defects/poll-by-last-id.defect.ts";
import { poolWithoutTimeout } from "../../../reference-impl/defects/pool-without-timeout.defect.ts";
import { randomReplica } from "../../../reference-impl/defects/random-replica.defect.ts";
import { rebuildWhileLive } from "../../../reference-impl/defects/rebuild-while-live.defect.ts";
import { replyBeforeComment } from "../../../reference-impl/defects/reply-before-comment.defect.ts";
import { requeueAtEnd } from "../../../reference-impl/defects/requeue-at-end.defect.ts";
import { retryNonTransient } from "../../../reference-impl/defects/retry-non-transient.defect.ts";
import { retryValidationErrors } from "../../../reference-impl/defects/retry-validation-errors.defect.ts";
import { retryWithStaleEntity } from "../../../reference-impl/defects/retry-with-stale-entity.defect.ts";
import { retryWithoutKey } from "../../../reference-impl/defects/retry-without-key.defect.ts";
import { sharedConnection } from "../../../reference-impl/defects/shared-connection.defect.ts";
import { skipUnknownOutcome } from "../../../reference-impl/defects/skip-unknown-outcome.defect.ts";
import { stickySessionLostOnFailover } from "../../../reference-impl/defects/sticky-session-lost-on-failover.defect.ts";
import { swallowCompensationFailure } from "../../../reference-impl/defects/swallow-compensation-failure.defect.ts";
import { swallowHandlerError } from "../../../reference-impl/defects/swallow-handler-error.defect.ts";
import { tokenNotPropagated } from "../../../reference-impl/defects/token-not-propagated.defect.ts";
import { twoRelaysUnordered } from "../../../reference-impl/defects/two-relays-unordered.defect.ts";
import { unboundedStaleness } from "../../../reference-impl/defects/unbounded-staleness.defect.ts";
import { unguardedDecrement } from "../../../reference-impl/defects/unguarded-decrement.defect.ts";
import { unguardedIncrement } from "../../../reference-impl/defects/unguarded-increment.defect.ts";
import { unlockWithoutOwnerCheck } from "../../../reference-impl/defects/unlock-without-owner-check.defect.ts";
import { unorderedFanout } from "../../../reference-impl/defects/unordered-fanout.defect.ts";
import { unversionedCacheFill } from "../../../reference-impl/defects/unversioned-cache-fill.defect.ts";
import { versionFromClock } from "../../../reference-impl/defects/version-from-clock.defect.ts";
import { hardenedEventMechanisms } from "../../../reference-impl/patterns/event-driven.ts";
import { hardenedParticipantMechanisms } from "../../../reference-impl/patterns/participant-mechanisms.ts";
import { hardenedProjectionMechanisms } from "../../../reference-impl/patterns/projection.ts";
import { hardenedBlogMechanisms } from "../../../reference-impl/services/blog/blog-mechanisms.ts";
import { hardenedCheckoutMechanisms } from "../../../reference-impl/services/checkout/checkout.service.ts";
import { hardenedInventoryMechanisms } from "../../../reference-impl/services/inventory/inventory.service.ts";
import { hardenedChoreographyMechanisms } from "../../../reference-impl/services/order/choreography/choreography-mechanisms.ts";
import { hardenedOrderSagaMechanisms } from "../../../reference-impl/services/order-saga/order-saga.service.ts";
import { hardenedProductMechanisms } from "../../../reference-impl/services/product/product.service.ts";
import { hardenedProfileMechanisms } from "../../../reference-impl/services/recommendation/profile-mechanisms.ts";
import { hardenedReportWriterMechanisms } from "../../../reference-impl/services/report-writer/report-writer-mechanisms.ts";
import { hardenedStorefrontMechanisms } from "../../../reference-impl/services/storefront/storefront-mechanisms.ts";
import { hardenedReplicatedUserMechanisms } from "../../../reference-impl/services/user/replicated/replicated-user-mechanisms.ts";
import { hardenedUserMechanisms } from "../../../reference-impl/services/user/user.service.ts";
import { scenarios } from "../../../scenarios/index.ts";

const userDefects = [
  acknowledgeBeforeCommit,
  affectedRowsIgnored,
  blindRetryAfterUnknown,
  blindUpdate,
  checkInApplication,
  incrementTwice,
  retryWithStaleEntity,
  sharedConnection,
  versionFromClock,
];
const inventoryDefects = [blindRetryAfterUnknown, noRequestKey, unguardedDecrement];
const eventDefects = [
  dualWrite,
  markBeforePublish,
  twoRelaysUnordered,
  pollByLastId,
  dedupeOutsideTransaction,
  dedupeWindowTooShort,
  poisonMessageBlocks,
];
const choreographyDefects = [
  dualWrite,
  noDedupe,
  swallowHandlerError,
  noInsufficientHandler,
  checkThenReserve,
  payOnRedelivery,
];
const orderSagaDefects = [
  memoryOnlyProgress,
  noStepKey,
  skipUnknownOutcome,
  swallowCompensationFailure,
  compensateInForwardOrder,
  noRecovery,
  retryNonTransient,
];
const lockDefects = [noFencingToken, unlockWithoutOwnerCheck, expiryShorterThanWork];
const replicaDefects = [randomReplica, tokenNotPropagated, poolWithoutTimeout, unboundedStaleness];
const blogDefects = [retryWithoutKey, stickySessionLostOnFailover, unorderedFanout, replyBeforeComment];
const cacheDefects = [unversionedCacheFill, acknowledgeBeforeApply, noInvalidation];
const checkoutDefects = [retryValidationErrors, retryWithoutKey, breakerNeverHalfOpens, noTimeout];
const productDefects = [unguardedIncrement, forgetfulDocument];
const profileDefects = [requeueAtEnd, memoryQueue, lastArrivalWins];
const projectionDefects = [
  checkpointBeforeApply,
  checkpointOutsideTransaction,
  nonIdempotentHandler,
  dropOutOfOrder,
  rebuildWhileLive,
];
/** Those of services that take part in sagas. */
const participantDefects = [lateSuccessAfterCompensation];
const folder = new URL("../../../reference-impl/defects/", import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith(".defect.ts"));

/** The defect that a file of the folder exports. */
async function defectIn(file: string): Promise<Defect<object>> {
  const exported: object = await import(new URL(file, folder).href);
  const [defect, ...others] = Object.values(exported) as Defect<object>[];
  if (defect === undefined || others.length > 0)
    throw new Error(`${file} exports more or less than a defect`);
  return defect;
}

describe("every defect", () => {
  test.each(userDefects.map((defect) => [defect.name, defect] as const))(
    "%s replaces exactly one mechanism of the user service",
    (_name, defect) => expectOneMechanism(hardenedUserMechanisms(), defect.replacement()),
  );

  test.each(inventoryDefects.map((defect) => [defect.name, defect] as const))(
    "%s replaces exactly one mechanism of the inventory service",
    (_name, defect) => expectOneMechanism(hardenedInventoryMechanisms(), defect.replacement()),
  );

  test.each(eventDefects.map((defect) => [defect.name, defect] as const))(
    "%s replaces exactly one mechanism by which services tell each other of changes",
    (_name, defect) => expectOneMechanism(hardenedEventMechanisms(), defect.replacement()),
  );

  test.each(choreographyDefects.map((defect) => [defect.name, defect] as const))(
    "%s replaces exactly one mechanism of the choreographed shop",
    (_name, defect) => expectOneMechanism(hardenedChoreographyMechanisms(), defect.replacement()),
  );

  test.each(orderSagaDefects.map((defect) => [defect.name, defect] as const))(
    "%s replaces exactly one mechanism of the saga orchestrator",
    (_name, defect) => expectOneMechanism(hardenedOrderSagaMechanisms(), defect.replacement()),
  );

  test.each(lockDefects.map((defect) => [defect.name, defect] as const))(
    "%s replaces exactly one mechanism of the report writer",
    (_name, defect) => expectOneMechanism(hardenedReportWriterMechanisms(), defect.replacement()),
  );

  test.each(replicaDefects.map((defect) => [defect.name, defect] as const))(
    "%s replaces exactly one mechanism of the replicated user service",
    (_name, defect) => expectOneMechanism(hardenedReplicatedUserMechanisms(), defect.replacement()),
  );

  test.each(blogDefects.map((defect) => [defect.name, defect] as const))(
    "%s replaces exactly one mechanism of the blog",
    (_name, defect) => expectOneMechanism(hardenedBlogMechanisms(), defect.replacement()),
  );

  test.each(cacheDefects.map((defect) => [defect.name, defect] as const))(
    "%s replaces exactly one mechanism of the storefront",
    (_name, defect) => expectOneMechanism(hardenedStorefrontMechanisms(), defect.replacement()),
  );

  test.each(checkoutDefects.map((defect) => [defect.name, defect] as const))(
    "%s replaces exactly one mechanism of the checkout",
    (_name, defect) => expectOneMechanism(hardenedCheckoutMechanisms(), defect.replacement()),
  );

  test.each(productDefects.map((defect) => [defect.name, defect] as const))(
    "%s replaces exactly one mechanism of the product service",
    (_name, defect) => expectOneMechanism(hardenedProductMechanisms(), defect.replacement()),
  );

  test.each(profileDefects.map((defect) => [defect.name, defect] as const))(
    "%s replaces exactly one mechanism by which profiles propagate",
    (_name, defect) => expectOneMechanism(hardenedProfileMechanisms(), defect.replacement()),
  );

  test.each(projectionDefects.map((defect) => [defect.name, defect] as const))(
    "%s replaces exactly one mechanism of a projection",
    (_name, defect) => expectOneMechanism(hardenedProjectionMechanisms(), defect.replacement()),
  );

  test("none is forgotten above", () => {
    const looked = [
      userDefects,
      inventoryDefects,
      eventDefects,
      choreographyDefects,
      orderSagaDefects,
    ].flat();
    const too = [lockDefects, replicaDefects, blogDefects, cacheDefects, checkoutDefects].flat();
    const last = [productDefects, profileDefects, projectionDefects, participantDefects].flat();
    const names = new Set([...looked, ...too, ...last].map(({ name }) => `${name}.defect.ts`));
    expect([...names].sort()).toEqual([...files].sort());
  });

  test("late-success-after-compensation replaces exactly one mechanism of the services that take part", () =>
    expectOneMechanism(hardenedParticipantMechanisms(), lateSuccessAfterCompensation.replacement()));

  test.each(files)("%s exports one defect of its name, which replaces one mechanism", async (file) => {
    const defect = await defectIn(file);
    expect(`${defect.name}.defect.ts`).toBe(file);
    expect(Object.keys(defect.replacement())).toHaveLength(1);
  });

  test.each(files)("%s is a form of a scenario, which expects what the defect declares", async (file) => {
    const { name, shows } = await defectIn(file);
    const forms = scenarios.flatMap((scenario) =>
      scenario.forms.filter((form) => form.name === `defect:${name}`),
    );
    expect(forms.length).toBeGreaterThan(0);
    // In a scenario of several parts a checker is named after its part as well.
    const isDeclared = (expected: ExpectedAnomaly) =>
      shows.some(
        ({ checker, types }) =>
          types === expected.types &&
          (checker === expected.checker || expected.checker.endsWith(`-${checker}`)),
      );
    for (const form of forms) expect(form.expects.filter((expected) => !isDeclared(expected))).toEqual([]);
  });
});

function expectOneMechanism(hardened: object, replacement: object): void {
  const replaced = Object.entries(replacement);
  expect(replaced).toHaveLength(1);
  for (const [name, mechanism] of replaced) {
    expect(hardened).toHaveProperty(name);
    expect(mechanism).not.toBe((hardened as Record<string, unknown>)[name]);
  }
}
