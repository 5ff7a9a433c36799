import { describe, expect, test } from "vitest";
import {
  hasReached,
  laterToken,
  readSessionToken,
  withSessionToken,
} from "../../../../reference-impl/patterns/session-token.ts";
import { haveReached, laterPositions } from "../../../../reference-impl/patterns/stream-positions.ts";

describe("a session token", () => {
  test("is compared as a number, not as text", () => {
    expect(hasReached("0/10", "0/9")).toBe(true);
    expect(hasReached("0/9", "0/10")).toBe(false);
    expect(hasReached("1/0", "0/FFFFFFFF")).toBe(true);
    expect(hasReached("0/A", "0/A")).toBe(true);
  });

  test("never goes back", () => {
    expect(laterToken(null, "0/5")).toBe("0/5");
    expect(laterToken("0/9", "0/10")).toBe("0/10");
    expect(laterToken("0/10", "0/9")).toBe("0/10");
    expect(laterToken("primary", "0/9")).toBe("0/9");
  });

  test("that cannot be read sends its client to the primary", () => {
    expect(readSessionToken(new Headers())).toBeNull();
    expect(readSessionToken(new Headers({ "session-token": "0/16B3748" }))).toBe("0/16B3748");
    expect(readSessionToken(new Headers({ "session-token": "'; drop table users" }))).toBe("primary");
  });

  test("travels in a header, and none is none", () => {
    expect(withSessionToken(new Response(), "0/1").headers.get("session-token")).toBe("0/1");
    expect(withSessionToken(new Response(), null).headers.has("session-token")).toBe(false);
  });
});

describe("stream positions", () => {
  test("are reached when each stream is", () => {
    expect(haveReached({ a: 2, b: 1 }, { a: 2 })).toBe(true);
    expect(haveReached({ a: 2 }, { a: 2, b: 1 })).toBe(false);
    expect(haveReached({}, {})).toBe(true);
  });

  test("are joined stream by stream, whatever their names", () => {
    expect(laterPositions({ a: 2, b: 1 }, { b: 3, c: 1 })).toEqual({ a: 2, b: 3, c: 1 });
    const odd = laterPositions({}, JSON.parse('{"__proto__": 1}'));
    expect(Object.getPrototypeOf(odd)).toBe(Object.prototype);
  });
});
