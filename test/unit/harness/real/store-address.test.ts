import { expect, test } from "vitest";
import { parseStoreAddress } from "../../../../harness/real/clients/store-address.ts";
import { throughPort } from "../../../../harness/real/clients/through-port.ts";

test.each([
  ["postgres://shop:secret@127.0.0.1:5432/users", "postgres"],
  ["postgresql://127.0.0.1/users", "postgres"],
  ["mongodb://127.0.0.1:27017/products", "mongodb"],
  ["kafka://127.0.0.1:9092", "kafka"],
  ["redis://127.0.0.1:6379/0", "redis"],
])("%s is the address of a %s store", (url, kind) => {
  expect(parseStoreAddress("STORE_URL", url)).toEqual({ kind, url });
});

test.each(["", "users", "127.0.0.1:5432", "http://127.0.0.1:5432", "mongodb+srv://shop/products"])(
  '"%s" is no address of a store, and the error says where it came from',
  (url) => {
    expect(() => parseStoreAddress("USER_DB_URL", url)).toThrow(
      expect.objectContaining({
        kind: "usage",
        code: "bad-address",
        message: expect.stringContaining("USER_DB_URL"),
      }),
    );
  },
);

test.each([
  [
    "postgres",
    "postgres://shop:s%40crt@db.test:5432/users?sslmode=disable",
    "postgres://shop:s%40crt@127.0.0.1:7001/users?sslmode=disable",
  ],
  ["mongodb", "mongodb://store.test:27017/products", "mongodb://127.0.0.1:7001/products"],
  ["kafka", "kafka://broker.test:9092", "kafka://127.0.0.1:7001"],
  ["redis", "redis://cache.test/0", "redis://127.0.0.1:7001/0"],
] as const)("%s through a proxy: only host and port change", (kind, url, changed) => {
  expect(throughPort({ kind, url }, 7001)).toEqual({ kind, url: changed });
});
