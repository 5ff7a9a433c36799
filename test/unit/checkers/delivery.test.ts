import { describe, expect, test } from "vitest";
import type { CheckResult } from "../../../checkers/checker.ts";
import { type DeliveryOptions, delivery } from "../../../checkers/delivery/delivery.checker.ts";
import { labelled } from "../../support/by-label.ts";
import { historyOf } from "../../support/history-text.ts";

function check(text: string, options: DeliveryOptions = {}): CheckResult {
  return delivery(options).check(historyOf(text));
}

function proofsOf(text: string, options: DeliveryOptions = {}): string[] {
  return check(text, options).anomalies.map(({ type, proof }) => `${type}: ${proof}`);
}

function typesOf(text: string, options: DeliveryOptions = {}): string[] {
  return check(text, options).anomalies.map(({ type }) => type);
}

/** Final records of the stream x, in words: `committed("m1", 1)`. */
const committed = (message: string, sequence: number, more: object = {}): string =>
  `record final committed x @order ${JSON.stringify({ message, sequence, ...more })}`;
const published = (...messages: string[]): string =>
  messages.map((message) => `record final published x @kafka {"message":"${message}"}`).join("\n");
const handled = (...messages: string[]): string =>
  messages.map((message) => `record final handled x @payment {"message":"${message}"}`).join("\n");
const handledAt = (message: string, at: number): string =>
  `record final handled x @payment ${JSON.stringify({ message, at })}`;
const parked = (message: string): string => `record final parked x @payment {"message":"${message}"}`;
const lines = (...parts: string[]): string => parts.join("\n");
const two = lines(committed("m1", 1), committed("m2", 2));
const three = lines(two, committed("m3", 3));

describe("delivery accepts", () => {
  test("messages that are committed, published and handled once, in order", () => {
    expect(check(lines(two, published("m1", "m2"), handled("m1", "m2")))).toEqual({
      verdict: "valid",
      anomalies: [],
      stats: {
        operations: 6,
        measures: [{ name: "repeated publications", unit: "count", value: 0, worse: "high" }],
      },
    });
  });

  test("repeated publications, and counts them", () => {
    const text = lines(two, published("m1", "m2", "m1", "m2", "m2"), handled("m1", "m2"));
    expect(labelled(check(text))).toMatchObject({
      verdict: "valid",
      stats: { measures: { "repeated publications": 3 } },
    });
  });

  test("one id in two streams", () => {
    const text = lines(committed("m1", 1), published("m1"), handled("m1"));
    expect(check(lines(text, text.replaceAll(" x ", " y "))).verdict).toBe("valid");
  });

  test("a message that was set aside, when those behind it are handled", () => {
    const text = lines(three, published("m1", "m2", "m3"), handled("m1"), parked("m2"), handled("m3"));
    expect(check(text).verdict).toBe("valid");
  });

  test("live records that the final ones do not show", () => {
    const live = lines(handled("m2", "m2", "m9"), published("m9"), parked("m1")).replaceAll(
      "record final ",
      "record ",
    );
    expect(check(lines(live, two, published("m1", "m2"), handled("m1", "m2"), parked("m3"))).verdict).toBe(
      "valid",
    );
  });
});

describe("delivery finds", () => {
  test("a message that was never published", () => {
    const text = lines(two, published("m1"), handled("m1"));
    expect(proofsOf(text)).toEqual(["lost-message: m2 of x was committed (record 1), but never published"]);
    expect(typesOf(text, { publications: false })).toEqual(["unhandled-message"]);
  });

  test("a message that was never committed", () => {
    expect(proofsOf(lines(committed("m1", 1), published("m1", "m2"), handled("m1")))).toEqual([
      "phantom-message: m2 of x was published (record 2), but never committed",
    ]);
  });

  test("publications out of order, but not their repetitions", () => {
    const text = lines(three, published("m1", "m3", "m2", "m3"), handled("m1", "m2", "m3"));
    expect(proofsOf(text)).toEqual([
      "reordered-publication: m2 of x was published after m3 (records 5 and 4), although it was committed before it",
    ]);
    expect(typesOf(text, { order: "none" })).toEqual([]);
    expect(typesOf(text.replace('"sequence":2', '"sequence":3'))).toEqual([]);
  });

  test("repeated publications where they are not allowed", () => {
    const text = lines(committed("m1", 1), published("m1", "m1"), handled("m1"));
    expect(proofsOf(text, { exactlyOncePublish: true })).toEqual([
      "duplicate-publication: m1 of x was published twice (records 1 and 2)",
    ]);
    expect(typesOf(text.replace(published("m1"), ""), { exactlyOncePublish: true })).toEqual([]);
  });

  test("a message that a consumer missed", () => {
    const text = lines(two, published("m1", "m2"), handled("m2"));
    expect(proofsOf(text)).toEqual([
      "unhandled-message: m1 of x was committed (record 0), but payment neither handled it nor set it aside",
    ]);
    const demanded = lines(two, published("m1", "m2"), handled("m1", "m2"));
    expect(proofsOf(demanded, { consumers: ["payment", "mail"] })).toEqual([
      "unhandled-message: m1 of x was committed (record 0), but mail neither handled it nor set it aside",
      "unhandled-message: m2 of x was committed (record 1), but mail neither handled it nor set it aside",
    ]);
    expect(typesOf(text, { consumers: [] })).toEqual([]);
  });

  test("only messages of the kinds that a consumer needs", () => {
    const text = lines(
      committed("m1", 1, { kind: "created" }),
      committed("m2", 2, { kind: "paid" }),
      committed("m3", 3),
      published("m1", "m2", "m3"),
      'record final handled x @mail {"message":"m2"}',
      handled("m1", "m2"),
    );
    expect(proofsOf(text, { consumers: { mail: ["paid"], payment: "all" } })).toEqual([
      "unhandled-message: m3 of x was committed (record 2), but payment neither handled it nor set it aside",
    ]);
    expect(proofsOf(text, { consumers: { mail: ["paid", "created"] } })).toHaveLength(1);
  });

  test("a message whose effect happened twice", () => {
    expect(proofsOf(lines(two, published("m1", "m2"), handled("m1", "m2", "m1")))).toEqual([
      "repeated-effect: payment handled m1 of x twice (records 4 and 6): a message has its effect once",
    ]);
    const other = handled("m1").replace("payment", "mail");
    expect(typesOf(lines(committed("m1", 1), published("m1"), handled("m1"), other))).toEqual([]);
  });

  test("effects out of order: by time where all have one, else by line", () => {
    const text = lines(two, published("m1", "m2"));
    expect(proofsOf(lines(text, handled("m2", "m1")))).toEqual([
      "reordered-effect: payment handled m1 of x after m2 (records 5 and 4), although it was committed before it",
    ]);
    expect(typesOf(lines(text, handled("m2", "m1")), { order: "none" })).toEqual([]);
    expect(typesOf(lines(text, handledAt("m2", 5), handledAt("m1", 5)))).toEqual([]);
    expect(typesOf(lines(text, handledAt("m2", 5), handledAt("m1", 4)))).toEqual([]);
    expect(typesOf(lines(text, handledAt("m1", 5), handledAt("m2", 4)))).toEqual(["reordered-effect"]);
    expect(typesOf(lines(text, handledAt("m1", 5), handled("m2")))).toEqual([]);
    const repeated = lines(text, handledAt("m1", 9), handledAt("m2", 5), handledAt("m1", 1));
    expect(typesOf(repeated)).toEqual(["repeated-effect"]);
  });

  test("an effect of what was never committed, or never published", () => {
    expect(proofsOf(lines(committed("m1", 1), published("m1"), handled("m1", "m2")))).toEqual([
      "phantom-effect: payment handled m2 of x (record 3), but that message was never committed",
    ]);
    const early = lines(two, published("m1"), handled("m1", "m2"));
    expect(typesOf(early)).toEqual(["lost-message", "phantom-effect"]);
    expect(proofsOf(early)[1]).toMatch(/m2 of x \(record 4\), but that message was never published$/);
    expect(typesOf(early, { publications: false })).toEqual([]);
  });

  test("messages behind one that was set aside, and that nothing got past", () => {
    const text = lines(three, published("m1", "m2", "m3"), handled("m1"), parked("m2"));
    expect(proofsOf(text)).toEqual([
      "blocked-by-poison: payment set m2 aside (record 7), and handled nothing behind it: not m3 of x, which was committed later (record 2)",
    ]);
    const four = lines(text, committed("m4", 4), published("m4"), handled("m4"));
    expect(typesOf(four)).toEqual(["unhandled-message"]);
    expect(typesOf(lines(three, published("m1", "m2", "m3"), parked("m2"), handled("m3")))).toEqual([
      "unhandled-message",
    ]);
  });

  test("messages behind one that was committed as poison and is still being tried", () => {
    const text = lines(
      committed("m1", 1),
      committed("m2", 2, { poison: true }),
      committed("m3", 3),
      published("m1", "m2", "m3"),
      handled("m1"),
    );
    expect(proofsOf(text)).toEqual([
      "unhandled-message: m2 of x was committed (record 1), but payment neither handled it nor set it aside",
      "blocked-by-poison: payment was sent m2, which is poison (record 1), and handled nothing behind it: not m3 of x, which was committed later (record 2)",
    ]);
    expect(typesOf(lines(text, handled("m2")))).toEqual(["unhandled-message"]);
  });

  test("a message that was both set aside and handled", () => {
    const text = lines(committed("m1", 1), published("m1"), handled("m1"));
    expect(proofsOf(lines(text, parked("m1")))).toEqual([
      "handled-although-parked: payment handled m1 of x (record 2), and also set it aside (record 3)",
    ]);
    expect(typesOf(lines(text, parked("m1").replace("final ", "")))).toEqual([]);
    expect(typesOf(lines(text, parked("m1").replace("payment", "mail")))).toEqual([]);
  });
});

describe("delivery does not know", () => {
  test("anything without records", () => {
    expect(check("c1 read x => ok 1")).toMatchObject({ verdict: "unknown", reason: "nothing was examined" });
  });

  test("what is missing where only live records are there, but sees what is certain", () => {
    const live = (text: string): string => text.replaceAll("record final ", "record ");
    expect(check(live(lines(two, published("m1", "m2", "m9"), handled("m1", "m8"))))).toMatchObject({
      verdict: "unknown",
      reason:
        "no final record tells what was committed; no final record tells what was published; no final record tells what consumers handled",
    });
    expect(check(live(lines(two, published("m2", "m1"), handled("m1", "m2")))).verdict).toBe("unknown");
    expect(typesOf(live(handled("m1", "m1")))).toEqual(["repeated-effect"]);
    expect(typesOf(live(lines(two, handled("m2", "m1"))))).toEqual(["reordered-effect"]);
    expect(typesOf(lines(live(handled("m2")), committed("m1", 1)))).toEqual(["phantom-effect"]);
    expect(typesOf(lines(live(committed("m2", 2)), published("m1"), handled("m1")))).toEqual([
      "lost-message",
    ]);
    expect(check(lines(two, published("m1", "m2"), live(handled("m1", "m2")))).verdict).toBe("unknown");
  });

  test("what a kind without final records tells unless it is known to have been inspected", () => {
    const text = lines(committed("m1", 1), published("m1"));
    expect(check(text)).toMatchObject({
      verdict: "unknown",
      reason: "no final record tells what consumers handled",
    });
    expect(check(text, { consumers: [] }).verdict).toBe("valid");
    expect(typesOf(text, { consumers: ["mail"], inspected: ["handled"] })).toEqual(["unhandled-message"]);
    expect(typesOf(committed("m1", 1), { consumers: [], inspected: ["published"] })).toEqual([
      "lost-message",
    ]);
  });

  test("the order of messages without a sequence", () => {
    const text = lines(two, published("m2", "m1"), handled("m2", "m1")).replace('"sequence":2', '"seq":2');
    expect(check(text)).toMatchObject({
      verdict: "unknown",
      reason: "1 committed message has no `sequence`, so its place in the order is not known",
    });
    expect(check(text, { order: "none" }).verdict).toBe("valid");
  });

  test("records that it cannot read", () => {
    const text = lines(committed("m1", 1), published("m1"), handled("m1"));
    expect(check(lines(text, 'record final handled x @payment {"id":"m1"}'))).toMatchObject({
      verdict: "unknown",
      reason: 'record 3 has no value of the form {"message": "<id>"}',
    });
    expect(check("record final committed x").verdict).toBe("unknown");
  });
});

describe("delivery", () => {
  test("reads kinds by other names, ids that are numbers and consumers without a name", () => {
    const text = lines(committed("m1", 1), published("m1"), handled("m1", "m1"))
      .replaceAll('"m1"', "7")
      .replaceAll("handled x @payment", "consumed x");
    expect(proofsOf(text, { functions: { handled: "consumed" } })).toEqual([
      "repeated-effect: some node handled 7 of x twice (records 2 and 3): a message has its effect once",
    ]);
    expect(typesOf(lines(two, published("m1", "m2"), 'record final handled x {"message":"m1"}'))).toEqual([
      "unhandled-message",
    ]);
  });

  test("reports the first anomalies of a type and counts the others", () => {
    const many = Array.from({ length: 30 }, (_, at) => committed(`m${at}`, at));
    const options: DeliveryOptions = { consumers: [], inspected: ["published"], maxAnomalies: 2 };
    const result = check(lines(...many), options);
    expect(result.anomalies.map(({ operations }) => operations)).toEqual([[0], [1]]);
    expect(result.stats).toMatchObject({ operations: 30, anomaliesOmitted: 28 });
    expect(() => delivery({ maxAnomalies: 0 })).toThrow(RangeError);
  });

  test("takes hostile names for names", () => {
    const text = lines(committed("__proto__", 1), published("__proto__"), handled("__proto__"));
    expect(check(text.replaceAll("payment", "constructor")).verdict).toBe("valid");
    expect(typesOf(text, { consumers: ["__proto__", "payment"] })).toEqual(["unhandled-message"]);
  });
});
