import { expect, test } from "vitest";
import {
  decodeToken,
  encodeToken,
  hashPlan,
  looksLikeToken,
  type TokenContent,
} from "../../../harness/run/token.ts";

const content: TokenContent = {
  scenario: "stock-is-conserved",
  form: "defect:no-request-key",
  lane: "sim",
  seed: 42,
  path: "0:1:3:0:2",
  planHash: "0123456789ab",
  historyHash: "0123456789abcdef",
};

test("a token gives back what went into it and is one word", () => {
  const token = encodeToken(content);
  expect(token).toMatch(/^flt1_[A-Za-z0-9_-]+$/);
  expect(decodeToken(token)).toEqual(content);
  expect(looksLikeToken(token)).toBe(true);
  const real: TokenContent = { ...content, lane: "real" };
  expect(decodeToken(encodeToken(real))).toEqual(real);
});

test("a damaged token is refused at every position", () => {
  const token = encodeToken(content);
  for (let i = 5; i < token.length; i++) {
    const other = token[i] === "x" ? "y" : "x";
    const damaged = token.slice(0, i) + other + token.slice(i + 1);
    expect(() => decodeToken(damaged)).toThrow(expect.objectContaining({ code: "bad-token", kind: "usage" }));
  }
  for (const broken of ["", "flt1_", token.slice(0, -1), `${token}A`, "hello"]) {
    expect(() => decodeToken(broken)).toThrow(expect.objectContaining({ code: "bad-token" }));
  }
});

test("a token of another version says so", () => {
  const token = encodeToken(content).replace("flt1_", "flt2_");
  expect(() => decodeToken(token)).toThrow(
    expect.objectContaining({ code: "token-version", message: expect.stringContaining("version 2") }),
  );
  expect(looksLikeToken(token)).toBe(true);
  expect(looksLikeToken("runs/today")).toBe(false);
});

test("the hash of a plan tells plans apart", () => {
  const plan = { clients: [], faults: [], schedule: { seed: 1, latencyMaxUs: 200 } };
  expect(hashPlan(plan)).toBe(hashPlan(structuredClone(plan)));
  expect(hashPlan({ ...plan, schedule: { seed: 2, latencyMaxUs: 200 } })).not.toBe(hashPlan(plan));
});
