import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { acknowledgeBeforeCommit } from "../../../reference-impl/defects/acknowledge-before-commit.defect.ts";
import { affectedRowsIgnored } from "../../../reference-impl/defects/affected-rows-ignored.defect.ts";
import { blindRetryAfterUnknown } from "../../../reference-impl/defects/blind-retry-after-unknown.defect.ts";
import { blindUpdate } from "../../../reference-impl/defects/blind-update.defect.ts";
import { checkInApplication } from "../../../reference-impl/defects/check-in-application.defect.ts";
import { incrementTwice } from "../../../reference-impl/defects/increment-twice.defect.ts";
import { noRequestKey } from "../../../reference-impl/defects/no-request-key.defect.ts";
import { retryWithStaleEntity } from "../../../reference-impl/defects/retry-with-stale-entity.defect.ts";
import { sharedConnection } from "../../../reference-impl/defects/shared-connection.defect.ts";
import { unguardedDecrement } from "../../../reference-impl/defects/unguarded-decrement.defect.ts";
import { versionFromClock } from "../../../reference-impl/defects/version-from-clock.defect.ts";
import { hardenedInventoryMechanisms } from "../../../reference-impl/services/inventory/inventory.service.ts";
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
const defects = [...new Set([...userDefects, ...inventoryDefects])];

describe("every defect", () => {
  test.each(userDefects.map((defect) => [defect.name, defect] as const))(
    "%s replaces exactly one mechanism of the user service",
    (_name, defect) => expectOneMechanism(hardenedUserMechanisms(), defect.replacement()),
  );

  test.each(inventoryDefects.map((defect) => [defect.name, defect] as const))(
    "%s replaces exactly one mechanism of the inventory service",
    (_name, defect) => expectOneMechanism(hardenedInventoryMechanisms(), defect.replacement()),
  );

  test("is in a file of its own name", () => {
    const files = readdirSync(new URL("../../../reference-impl/defects/", import.meta.url));
    const named = files
      .filter((file) => file.endsWith(".defect.ts"))
      .map((file) => file.replace(".defect.ts", ""));
    expect(named.toSorted()).toEqual(defects.map(({ name }) => name).toSorted());
  });

  test("is a form of a scenario, which expects what the defect declares", () => {
    for (const { name, shows } of defects) {
      const forms = scenarios.flatMap((scenario) =>
        scenario.forms.filter((form) => form.name === `defect:${name}`),
      );
      expect(forms.length, name).toBeGreaterThan(0);
      for (const form of forms) for (const expected of form.expects) expect(shows).toContain(expected);
    }
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
