import { AbortedTransactionError } from "kysely";
import { describe, expect, test } from "vitest";
import { RepeatedRequest } from "../../../../reference-impl/patterns/request-key.ts";
import {
  classifyStoreError,
  StoreFailure,
  sqlState,
} from "../../../../reference-impl/patterns/store-failure.ts";

function errorWith(code: string): Error {
  return Object.assign(new Error(code), { code });
}

function named(name: string): Error {
  return Object.assign(new Error(name), { name });
}

const poolWait = new Error("timeout exceeded when trying to connect");

describe("classifyStoreError", () => {
  test.each([
    ["a connection that breaks before COMMIT was sent", errorWith("ECONNRESET"), false, "not-done", true],
    ["a connection that breaks after COMMIT was sent", errorWith("ECONNRESET"), true, "unknown", true],
    ["a query time limit on COMMIT", new Error("Query read timeout"), true, "unknown", true],
    ["a pool without a free connection", poolWait, false, "not-done", true],
    ["a server that shuts down under COMMIT", errorWith("57P01"), true, "unknown", true],
    ["a server that shuts down before COMMIT", errorWith("57P01"), false, "not-done", true],
    ["a serialization failure at COMMIT", errorWith("40001"), true, "not-done", true],
    ["a deadlock", errorWith("40P01"), false, "not-done", true],
    ["ROLLBACK in answer to COMMIT", new AbortedTransactionError(), true, "not-done", true],
    ["a column that does not exist", errorWith("42703"), false, "not-done", false],
  ])("%s", (_name, error, commitSent, kind, retryable) => {
    const failure = classifyStoreError(error, commitSent);
    expect(failure).toBeInstanceOf(StoreFailure);
    expect(failure).toMatchObject({ kind, retryable });
  });

  test.each([
    ["a pool without a free connection", poolWait, true],
    ["a server without a free slot", errorWith("53300"), true],
    ["a MongoDB pool without a free connection", named("MongoWaitQueueTimeoutError"), true],
    ["one of these, told again", new StoreFailure("not-done", true, poolWait), true],
    [
      "a connection that did not come about",
      new Error("Connection terminated due to connection timeout"),
      false,
    ],
    ["a server that is away", errorWith("ECONNREFUSED"), false],
  ])("knows whether all connections are taken: %s", (_name, error, noFreeConnection) => {
    expect(new StoreFailure("not-done", true, error)).toMatchObject({ noFreeConnection });
    expect(new StoreFailure("unknown", true, error)).toMatchObject({ noFreeConnection: false });
  });

  test("leaves what is no trouble with the store as it is", () => {
    for (const error of [
      new TypeError("mistake"),
      new RepeatedRequest(),
      new StoreFailure("unknown", true, null),
    ]) {
      expect(classifyStoreError(error, true)).toBe(error);
    }
  });

  test("does not take Node's EPIPE for an SQLSTATE", () => {
    expect(sqlState(errorWith("EPIPE"))).toBeNull();
    expect(sqlState(errorWith("23505"))).toBe("23505");
    expect(sqlState("23505")).toBeNull();
  });
});
