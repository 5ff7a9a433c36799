import { expect, test } from "vitest";
import type { StoreAddress } from "../../../../harness/real/clients/store-address.ts";
import {
  addressVariable,
  readServiceEnvironment,
  type ServiceEnvironment,
  writeServiceEnvironment,
} from "../../../../harness/real/services/service-environment.ts";
import type { ServiceDefinition } from "../../../../harness/run/system.ts";

const order: ServiceDefinition = {
  name: "order",
  stores: ["order-db", "bus"],
  calls: ["payment"],
  start: () => Promise.reject(new Error("This test starts nothing.")),
};

const stores = new Map<string, StoreAddress>([
  ["order-db", { kind: "postgres", url: "postgres://shop:s%40crt@127.0.0.1:5432/run1" }],
  ["bus", { kind: "kafka", url: "kafka://127.0.0.1:9092" }],
]);

const whole: ServiceEnvironment = {
  port: 8080,
  stores,
  services: new Map([["payment", "http://127.0.0.1:8081"]]),
  recordsPath: "/run/order.records.ndjson",
  startNs: 12_345_678_901_234_567n,
};

test("the environment of a service is read back as it was written", () => {
  expect(readServiceEnvironment(order, writeServiceEnvironment(whole))).toEqual(whole);
});

test("a service that nobody records, as one that is started by hand, reads the addresses alone", () => {
  const { PORT, ORDER_DB_URL, BUS_URL, PAYMENT_URL } = writeServiceEnvironment(whole);
  const read = readServiceEnvironment(order, { PORT, ORDER_DB_URL, BUS_URL, PAYMENT_URL, OTHER: "x" });
  expect(read).toEqual({ ...whole, recordsPath: null, startNs: 0n });
  expect(writeServiceEnvironment(read)).not.toHaveProperty("FAULTLINE_RECORDS");
});

test("names become variables: upper case, and an underscore for what a variable cannot hold", () => {
  expect(addressVariable("user-db")).toBe("USER_DB_URL");
  expect(addressVariable("user.db2")).toBe("USER_DB2_URL");
});

test.each([
  ["PORT", undefined, "bad-environment"],
  ["PORT", "http", "bad-environment"],
  ["PORT", "70000", "bad-environment"],
  ["PORT", "-1", "bad-environment"],
  ["ORDER_DB_URL", undefined, "bad-environment"],
  ["ORDER_DB_URL", "", "bad-environment"],
  ["ORDER_DB_URL", "mysql://127.0.0.1/shop", "bad-address"],
  ["BUS_URL", "127.0.0.1:9092", "bad-address"],
  ["PAYMENT_URL", undefined, "bad-environment"],
  ["PAYMENT_URL", "127.0.0.1:8081", "bad-address"],
  ["PAYMENT_URL", "file:///etc/passwd", "bad-address"],
])("%s = %s is refused by name: %s", (variable, value, code) => {
  const env = { ...writeServiceEnvironment(whole), [variable]: value };
  expect(() => readServiceEnvironment(order, env)).toThrow(
    expect.objectContaining({ kind: "usage", code, message: expect.stringContaining(variable) }),
  );
});

test("what is missing is told together with everything that the service reads", () => {
  expect(() => readServiceEnvironment(order, {})).toThrow(
    expect.objectContaining({
      hint: expect.stringContaining("PORT, ORDER_DB_URL, BUS_URL, PAYMENT_URL"),
    }),
  );
});
