import { describe, expect, test } from "vitest";
import { brokenLevels, forbiddenTypes } from "../../../../checkers/transactions/isolation-anomalies.ts";
import {
  isolationLevel,
  isolationLevelNames,
  orderDemandOf,
  strongestHolding,
  weakestOf,
} from "../../../../checkers/transactions/isolation-levels.ts";

/** What each kind of anomaly rules out at least, as Elle's `friendly-boundary` says it. */
const boundaries: readonly (readonly [string, readonly string[]])[] = [
  ["G0", ["read-uncommitted"]],
  ["duplicate-elements", ["read-uncommitted"]],
  ["cyclic-versions", ["read-uncommitted"]],
  ["G1a", ["read-committed"]],
  ["G1b", ["read-committed"]],
  ["G1c", ["read-committed"]],
  ["dirty-update", ["read-committed"]],
  ["future-read", ["read-committed"]],
  ["internal", ["read-atomic"]],
  ["lost-update", ["cursor-stability", "update-atomic"]],
  ["G-single-item", ["consistent-view", "repeatable-read"]],
  ["G-nonadjacent-item", ["repeatable-read", "snapshot-isolation"]],
  ["G2-item", ["repeatable-read"]],
  ["G0-process", ["strong-session-read-uncommitted"]],
  ["G1c-process", ["strong-session-read-committed"]],
  ["G-single-item-process", ["strong-session-snapshot-isolation"]],
  ["G2-item-process", ["strong-session-serializable"]],
  ["G0-realtime", ["strong-read-uncommitted"]],
  ["G1c-realtime", ["strong-read-committed"]],
  ["G-nonadjacent-item-realtime", ["strong-snapshot-isolation"]],
  ["G2-item-realtime", ["strict-serializable"]],
];

describe("isolation levels", () => {
  test.each(boundaries)("%s rules out at least %s", (type, expected) => {
    expect(weakestOf(brokenLevels([type]))).toEqual(expected);
  });

  test("are known by several names", () => {
    expect(isolationLevel("PL-SS")).toBe("strict-serializable");
    expect(isolationLevel("strong-serializable")).toBe("strict-serializable");
    expect(isolationLevelNames.every((name) => isolationLevel(name) === name)).toBe(true);
  });

  test("ask for an order where they promise one", () => {
    expect(orderDemandOf(["serializable"])).toBe("none");
    expect(orderDemandOf(["strong-session-snapshot-isolation"])).toBe("session");
    expect(orderDemandOf(["strict-serializable"])).toBe("real-time");
  });

  test("hold as far as nothing breaks them and their order was looked at", () => {
    expect(strongestHolding(new Set(), "none")).toEqual(["serializable"]);
    expect(strongestHolding(new Set(), "real-time")).toEqual(["strict-serializable"]);
    expect(strongestHolding(brokenLevels(["G0"]), "real-time")).toEqual([]);
  });

  test("forbid what weaker levels forbid, and special cases of it", () => {
    const types = forbiddenTypes(["repeatable-read"], []);
    expect([...types]).toEqual(
      expect.arrayContaining(["G0", "G1a", "G-single-item", "G2-item", "lost-update"]),
    );
    expect(types.has("internal")).toBe(false);
    expect(types.has("G2")).toBe(false);
    expect(forbiddenTypes([], ["G2"]).has("G-single-item")).toBe(true);
  });
});
