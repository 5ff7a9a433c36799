import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { readBody, readId, readRequestKey } from "../../../../reference-impl/patterns/bad-input.ts";
import {
  movementSchema,
  newItemSchema,
} from "../../../../reference-impl/services/inventory/inventory-input.ts";
import { newUserSchema, profileChangeSchema } from "../../../../reference-impl/services/user/user-input.ts";

function request(body: string): Request {
  return new Request("http://user/users", { method: "POST", body });
}

describe("readBody", () => {
  const change = { expectedVersion: 1, email: "a@example.org", name: "a" };

  test.each([
    ["no JSON", "{", "bad-json"],
    ["a list", "[]", "bad-body"],
    ["a version that is no integer", JSON.stringify({ ...change, expectedVersion: 1.5 }), "bad-body"],
    ["a version below 1", JSON.stringify({ ...change, expectedVersion: 0 }), "bad-body"],
    ["no version", JSON.stringify({ ...change, expectedVersion: null }), "bad-body"],
    ["a bad address", JSON.stringify({ ...change, email: "nobody" }), "bad-body"],
    ["a name that is empty", JSON.stringify({ ...change, name: "" }), "bad-body"],
    ["a version that no column holds", JSON.stringify({ ...change, expectedVersion: 2 ** 31 }), "bad-body"],
    ["a name with a zero character", JSON.stringify({ ...change, name: "a\0b" }), "bad-body"],
    ["a name with half a character", JSON.stringify({ ...change, name: "a\ud800b" }), "bad-body"],
    ["a field that nobody knows", JSON.stringify({ ...change, admin: true }), "bad-body"],
  ])("%s is a 400", async (_name, body, code) => {
    const input = await readBody(request(body), profileChangeSchema);
    expect(input).toMatchObject({ good: false, answer: { status: 400 } });
    expect(input.good ? null : JSON.parse(input.answer.body).error.code).toBe(code);
  });

  test("names the field", async () => {
    const input = await readBody(
      request(JSON.stringify({ ...change, email: "nobody" })),
      profileChangeSchema,
    );
    expect(input.good ? null : JSON.parse(input.answer.body).error.message).toBe(
      "email: is no e-mail address",
    );
  });

  test("names the place of a text that cannot be stored, however deep", async () => {
    const order = {
      orderId: "o",
      items: [{ text: "\\u0000 and \ud83d\ude00 are fine" }, { text: "\0" }],
    };
    const input = await readBody(request(JSON.stringify(order)), v.unknown());
    expect(input.good ? null : JSON.parse(input.answer.body).error.message).toBe(
      "items.1.text: holds a character that cannot be stored",
    );
  });

  test("does not read a body that is too long, or does not say how long it is", async () => {
    const withHeader = (name: string, value: string) =>
      new Request("http://user/users", {
        method: "POST",
        headers: { [name]: value },
        body: JSON.stringify(change),
      });
    for (const [request, status, code] of [
      [withHeader("content-length", String(64 * 1024 + 1)), 413, "body-too-long"],
      [withHeader("transfer-encoding", "chunked"), 411, "length-required"],
    ] as const) {
      const input = await readBody(request, profileChangeSchema);
      expect(input).toMatchObject({ good: false, answer: { status } });
      expect(input.good ? null : JSON.parse(input.answer.body).error.code).toBe(code);
      expect(request.bodyUsed).toBe(false);
    }
    const fits = withHeader("content-length", String(64 * 1024));
    expect(await readBody(fits, profileChangeSchema)).toMatchObject({ good: true });
  });

  test("takes good bodies", async () => {
    expect(await readBody(request(JSON.stringify(change)), profileChangeSchema)).toEqual({
      good: true,
      value: change,
    });
    const user = { email: "a@example.org", name: "a" };
    expect(await readBody(request(JSON.stringify(user)), newUserSchema)).toEqual({ good: true, value: user });
    const item = { id: "item-1", stock: 0, requestKey: "k" };
    expect(await readBody(request(JSON.stringify(item)), newItemSchema)).toEqual({ good: true, value: item });
  });

  test.each([0, -1, 1.5, 1e7, "2"])("a quantity of %j is refused", async (quantity) => {
    const input = await readBody(request(JSON.stringify({ quantity, requestKey: "k" })), movementSchema);
    expect(input.good).toBe(false);
  });
});

test("an id that cannot be one is a 400, and reaches no store", () => {
  expect(readId("user-1")).toEqual({ good: true, value: "user-1" });
  for (const id of ["", "-a", "a_b", "a/b", "'; drop table users", "x".repeat(65)]) {
    expect(readId(id)).toMatchObject({ good: false, answer: { status: 400 } });
  }
});

test("a request key is required, and not endless", () => {
  expect(readRequestKey(new Headers({ "idempotency-key": "k" }))).toEqual({ good: true, value: "k" });
  expect(readRequestKey(new Headers())).toMatchObject({ good: false, answer: { status: 400 } });
  const long = new Headers({ "idempotency-key": "k".repeat(101) });
  expect(readRequestKey(long)).toMatchObject({ good: false, answer: { status: 400 } });
});
